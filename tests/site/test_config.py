"""Configuration fails loudly, with the name and the remedy."""

import pytest

from dip.site.config import UnableToConfigure, read_config


def test_defaults_need_nothing(tmp_path):
    config = read_config({"DIP_HOME": str(tmp_path)})
    assert config.database_url is None
    assert config.base_url == "http://localhost:8000"
    assert len(config.secret_key) >= 32


def test_the_key_is_made_once_and_kept_from_others(tmp_path):
    first = read_config({"DIP_HOME": str(tmp_path)}).secret_key
    assert read_config({"DIP_HOME": str(tmp_path)}).secret_key == first
    assert (tmp_path / "keys" / "secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("DIP_BASE_URL", "dip.example", "https://"),
        ("DIP_SMTP_URL", "mail.example", "smtp://"),
        ("DIP_TRUSTED_PROXIES", "two", "how many"),
        ("DIP_DEBUG", "maybe", "Set it to 1"),
        ("DIP_SECRET_KEY", "short", "32 or more"),
    ],
)
def test_a_wrong_variable_is_named_with_its_remedy(tmp_path, name, value, remedy):
    with pytest.raises(UnableToConfigure, match=name) as raised:
        read_config({"DIP_HOME": str(tmp_path), name: value})
    assert remedy in str(raised.value)


def test_a_password_is_not_repeated_in_the_message(tmp_path):
    with pytest.raises(UnableToConfigure) as raised:
        read_config({"DIP_HOME": str(tmp_path), "DATABASE_URL": "oracle://user:geheim@host/name"})
    assert "geheim" not in str(raised.value)


def test_an_unwritable_home_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UnableToConfigure, match="DIP_HOME"):
        read_config({"DIP_HOME": str(tmp_path / "file")})
