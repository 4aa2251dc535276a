import pytest


@pytest.fixture(autouse=True)
def warehouse_home(settings, tmp_path):
    """Every test has a warehouse of its own."""
    settings.WAREHOUSE_HOME = tmp_path / "warehouse"
    return settings.WAREHOUSE_HOME
