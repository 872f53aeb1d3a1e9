"""The check that spans end within their article looks up each set by its key, whatever the planner believes.

With EXISTS it hoped for an early hit; when statistics were gathered in the midst of a long import, whose rows they do
not count, it compared every new span with every article.
"""

from django.db import migrations

BY_KEY = """
CREATE OR REPLACE FUNCTION refuse_span_past_end() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  past_end bigint;
BEGIN
  WITH ends AS MATERIALIZED (
    SELECT annotation_set_id, max(upper(fragments)) AS last FROM written GROUP BY annotation_set_id
  )
  SELECT count(*) INTO past_end FROM ends e WHERE e.last > (
    SELECT a.characters FROM annotations_annotationset s JOIN annotations_article a ON a.id = s.article_id
     WHERE s.id = e.annotation_set_id
  );
  IF past_end > 0 THEN
    RAISE EXCEPTION 'A span ends behind the end of its article.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'span_within_article', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
"""
BY_KEY_BACK = """
CREATE OR REPLACE FUNCTION refuse_span_past_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM written w
      JOIN annotations_annotationset s ON s.id = w.annotation_set_id
      JOIN annotations_article a ON a.id = s.article_id
     WHERE upper(w.fragments) > a.characters
  ) THEN
    RAISE EXCEPTION 'A span ends behind the end of its article.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'span_within_article', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0002_triggers_and_composite_keys")]

    operations = [migrations.RunSQL(sql=BY_KEY, reverse_sql=BY_KEY_BACK)]
