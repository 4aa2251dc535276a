import pytest


@pytest.mark.django_db
def test_live(client):
    assert client.get("/health/live").status_code == 200
