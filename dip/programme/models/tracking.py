"""Change tracking that the database itself keeps: which transaction last changed a production or performance, and who lost sight of one.

A row's ``changed_txid`` is the transaction that wrote it last, whichever way it was written. Readers of changes go by it, and read
below the oldest transaction still open, so that one that commits late is not passed over. What somebody can see of a row may change
without the row: a new agency or co-producer, a theatre that gets an organisation, an answered connection request. Then the row is
touched too, and whoever lost it gets a :class:`Departure`.
"""

from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


def txid_field() -> models.BigIntegerField:
    """The transaction that wrote the row; triggers keep it at every later change. Written as 0 it means: changed, in what is read with
    it."""
    return models.BigIntegerField(
        db_default=RawSQL("pg_current_xact_id()::text::bigint", ()), editable=False, help_text="transaction that changed it last"
    )


class Departure(models.Model):
    """A production or performance that an organisation no longer takes part in: its copy elsewhere can be dropped. Owned by who lost it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    production = models.ForeignKey("programme.Production", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    performance = models.ForeignKey("programme.Performance", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(db_default=Now())
    txid = txid_field()

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "txid"], name="departure_since")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation that lost sight of it."""
        return models.Q(organisation_id=access.organisation_id)


#: Statements that are harmless to repeat. A change of nothing but the stamps keeps the stamp; `0` asks for a new one.
SQL = """
CREATE OR REPLACE FUNCTION programme_stamp_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE same record;
BEGIN
  IF NEW.changed_txid <> 0 THEN
    same := NEW;
    same.changed_txid := OLD.changed_txid;
    same.changed_at := OLD.changed_at;
    IF same IS NOT DISTINCT FROM OLD THEN
      NEW.changed_txid := OLD.changed_txid;
      RETURN NEW;
    END IF;
  END IF;
  IF NEW.changed_at IS NOT DISTINCT FROM OLD.changed_at THEN
    NEW.changed_at := greatest(now(), OLD.changed_at);
  END IF;
  NEW.changed_txid := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION programme_touch_production(which bigint) RETURNS void LANGUAGE sql AS $$
  UPDATE programme_production SET changed_txid = 0 WHERE id = which AND changed_txid <> pg_current_xact_id()::text::bigint;
  UPDATE programme_performance SET changed_txid = 0
  WHERE production_id = which AND changed_txid <> pg_current_xact_id()::text::bigint;
$$;

CREATE OR REPLACE FUNCTION programme_leave_production(who bigint, which bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO programme_departure (organisation_id, production_id) VALUES (who, which);
  INSERT INTO programme_departure (organisation_id, performance_id)
  SELECT who, number FROM programme_performance WHERE production_id = which;
$$;

CREATE OR REPLACE FUNCTION programme_co_producers_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM programme_leave_production(OLD.organisation_id, OLD.production_id);
    PERFORM programme_touch_production(OLD.production_id);
  ELSE
    PERFORM programme_touch_production(NEW.production_id);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION programme_parties_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.agency_id IS NOT NULL AND OLD.agency_id IS DISTINCT FROM NEW.agency_id THEN
    PERFORM programme_leave_production(OLD.agency_id, OLD.id);
  END IF;
  IF OLD.producer_id <> NEW.producer_id THEN
    PERFORM programme_leave_production(OLD.producer_id, OLD.id);
  END IF;
  PERFORM programme_touch_production(NEW.id);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION programme_performance_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.theatre_id <> NEW.theatre_id AND OLD.published_at IS NOT NULL THEN
    INSERT INTO programme_departure (organisation_id, performance_id)
    SELECT organisation_id, OLD.number FROM programme_theatre WHERE id = OLD.theatre_id AND organisation_id IS NOT NULL;
  END IF;
  IF OLD.production_id <> NEW.production_id THEN
    INSERT INTO programme_departure (organisation_id, performance_id)
    SELECT DISTINCT who, OLD.number FROM (
      SELECT producer_id AS who FROM programme_production WHERE id = OLD.production_id
      UNION SELECT agency_id FROM programme_production WHERE id = OLD.production_id AND agency_id IS NOT NULL
      UNION SELECT organisation_id FROM programme_production_co_producers WHERE production_id = OLD.production_id) AS parties;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION programme_theatre_owned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.organisation_id IS NOT NULL THEN
    INSERT INTO programme_departure (organisation_id, performance_id)
    SELECT OLD.organisation_id, number FROM programme_performance WHERE theatre_id = NEW.id AND published_at IS NOT NULL;
  END IF;
  UPDATE programme_performance SET changed_txid = 0
  WHERE theatre_id = NEW.id AND changed_txid <> pg_current_xact_id()::text::bigint;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION programme_connection_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE programme_performance SET changed_txid = 0
  WHERE number = NEW.performance_id AND changed_txid <> pg_current_xact_id()::text::bigint;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER stamp_change BEFORE UPDATE ON programme_production
FOR EACH ROW EXECUTE FUNCTION programme_stamp_change();
CREATE OR REPLACE TRIGGER stamp_change BEFORE UPDATE ON programme_performance
FOR EACH ROW EXECUTE FUNCTION programme_stamp_change();
CREATE OR REPLACE TRIGGER co_producers_changed AFTER INSERT OR DELETE ON programme_production_co_producers
FOR EACH ROW EXECUTE FUNCTION programme_co_producers_changed();
CREATE OR REPLACE TRIGGER parties_changed AFTER UPDATE OF producer_id, agency_id ON programme_production
FOR EACH ROW WHEN (OLD.producer_id <> NEW.producer_id OR OLD.agency_id IS DISTINCT FROM NEW.agency_id)
EXECUTE FUNCTION programme_parties_changed();
CREATE OR REPLACE TRIGGER performance_placed AFTER UPDATE OF theatre_id, production_id ON programme_performance
FOR EACH ROW WHEN (OLD.theatre_id <> NEW.theatre_id OR OLD.production_id <> NEW.production_id)
EXECUTE FUNCTION programme_performance_placed();
CREATE OR REPLACE TRIGGER theatre_owned AFTER UPDATE OF organisation_id ON programme_theatre
FOR EACH ROW WHEN (OLD.organisation_id IS DISTINCT FROM NEW.organisation_id)
EXECUTE FUNCTION programme_theatre_owned();
CREATE OR REPLACE TRIGGER connection_answered AFTER INSERT OR UPDATE OF status ON programme_connectionrequest
FOR EACH ROW EXECUTE FUNCTION programme_connection_answered();
"""

#: After a restore into another cluster stamps may lie ahead of its transactions, and would never be below the oldest open one.
ADOPT = """
UPDATE {table} SET {column} = 0 WHERE {column} > pg_current_xact_id()::text::bigint
"""
ADOPTED = (("programme_production", "changed_txid"), ("programme_performance", "changed_txid"))
