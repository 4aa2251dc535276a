"""What lies in the repository: locked and hashed requirements without addresses, texts in three languages, documents that hold."""

from tests.architecture.tree import FLOORS, ROOT


def test_requirements_are_hashed_and_name_no_index():
    for name in ("app", "test", "uv"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        assert "://" not in text
        packages = [line for line in text.splitlines() if line and line[0].isalnum()]
        assert len(packages) <= text.count("--hash=sha256:")


def test_the_map_names_every_floor():
    text = (ROOT / "docs" / "map.md").read_text()
    assert [floor for floor in FLOORS if f"`{floor}`" not in text] == []


def test_the_readme_names_the_two_commands():
    text = (ROOT / "README.md").read_text()
    assert "make demo" in text
    assert "make test" in text
