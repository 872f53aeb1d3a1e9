"""Of the log, which is append-only, lines go in two ways only: the operator empties a bin, or an import is undone, of
which the lines go that it wrote itself while it is named as the one that is undone."""

from django.db import migrations

REFUSE = """
CREATE OR REPLACE FUNCTION refuse_edit_of_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {purge}IF TG_OP = 'DELETE' AND OLD.action = 'import_set' AND OLD.revision = 1
     AND OLD.batch::text = current_setting('newsapp.undone_import', true) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'The log of changes is append-only.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'change_append_only', TABLE = TG_TABLE_NAME;
END $$;
"""
PURGE = """IF TG_OP = 'DELETE' AND current_setting('newsapp.purging', true) = 'on' THEN
    RETURN OLD;
  END IF;
  """


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0014_webhooks'),
    ]

    operations = [
        migrations.RunSQL(sql=REFUSE.format(purge=PURGE), reverse_sql=REFUSE.format(purge="")),
    ]
