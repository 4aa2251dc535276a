"""Mail: queued in the transaction, sent by the worker through a real server, once."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from dip.registry.post import queue_mail
from dip.registry.terms import Role
from tests.factories.registry import PASSWORD, make_client_login, make_organisation

pytestmark = pytest.mark.django_db(transaction=True)


def text_of(message, kind="text/plain"):
    (part,) = [part for part in message.walk() if part.get_content_type() == kind]
    return part.get_payload(decode=True).decode()


def the_mail():
    return ProcrastinateJob.objects.get(task_name="dip.registry.jobs.send_mail")


def subject_of(message):
    from email.header import decode_header, make_header

    return str(make_header(decode_header(message["Subject"])))


def test_from_invitation_to_home_page(client, post, run_worker):
    make_client_login(client, make_organisation(Role.THEATRE, name="Theater De Vlonder"), super_user=True)
    rights = {"programme": "1", "sales": "2", "audience": "0", "contracts": "0", "reports": "0"}
    form = {"email": "sanne@baken.example", "name": "Sanne", "language": "en", **rights}
    assert client.post(reverse("registry-invite"), form).status_code == 302
    run_worker()
    (message,) = post.kept
    assert message["To"] == "sanne@baken.example"
    assert subject_of(message) == "Your account for Theater De Vlonder on DIP"
    assert message["Message-ID"].startswith("<dip-mail-")
    plain, page = text_of(message), text_of(message, "text/html")
    link = re.search(r"http://localhost:8000(/organisation/activate\?token=[\w-]+)", plain)[1]
    assert link in page
    assert '<html lang="en">' in page

    client.logout()
    for _ in range(2):  # a mail scanner may open it first
        assert client.get(link).status_code == 200
    token = link.partition("token=")[2]
    answer = client.post(
        reverse("registry-activate"), {"token": token, "name": "Sanne Oudkerk", "language": "en", "password": PASSWORD}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")
    people = client.get(reverse("registry-organisation"))
    assert "Sanne Oudkerk" in people.content.decode()
    assert client.get(link).status_code == 410


def test_a_mail_is_sent_once(post, run_worker):
    queue_mail(
        to=["a@baken.example", "b@baken.example"], subject="Twee\nregels", body="Een <b>stuk</b>\n\nhttps://dip.example/x?a=1&b=2"
    )
    run_worker()
    run_worker()
    assert sorted(message["To"] for message in post.kept) == ["a@baken.example", "b@baken.example"]
    assert len({message["Message-ID"] for message in post.kept}) == 2
    assert subject_of(post.kept[0]) == "Twee regels"
    page = text_of(post.kept[0], "text/html")
    assert "&lt;b&gt;stuk&lt;/b&gt;" in page
    assert 'href="https://dip.example/x?a=1&amp;b=2"' in page


def test_a_mail_of_a_failed_act_is_not_sent(post, run_worker):
    with transaction.atomic():
        queue_mail(to="a@baken.example", subject="Niet", body="verzenden")
        transaction.set_rollback(True)
    run_worker()
    assert post.kept == []


@pytest.mark.parametrize(("language", "words"), [("nl", "Verzonden door DIP"), ("fr", "Envoyé par DIP"), ("en", "Sent by DIP")])
def test_the_frame_of_a_mail_speaks_the_language_of_the_text(post, run_worker, language, words):
    with translation.override(language):
        queue_mail(to="a@baken.example", subject="x", body="y")
    run_worker()
    assert words in text_of(post.kept[0], "text/html")
    assert post.kept[0]["Content-Language"] == language


def test_a_busy_server_is_tried_again_later(post, run_worker):
    post.answer = "451 try again later"
    queue_mail(to="a@baken.example", subject="x", body="y")
    run_worker()
    job = the_mail()
    assert (job.status, job.attempts) == ("todo", 1)
    assert job.scheduled_at > timezone.now() + timedelta(seconds=30)
    post.answer = None
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    run_worker()
    assert len(post.kept) == 1


def test_a_server_that_is_away_is_tried_again_later(settings, run_worker):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    queue_mail(to="a@baken.example", subject="x", body="y")
    run_worker()
    assert the_mail().status == "todo"


def test_a_refusal_for_good_is_not_repeated(post, run_worker):
    post.answer = "554 no such mailbox"
    queue_mail(to="a@baken.example", subject="x", body="y")
    run_worker()
    assert the_mail().status == "failed"
