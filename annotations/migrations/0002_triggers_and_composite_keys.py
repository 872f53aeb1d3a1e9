"""What tables alone cannot promise: texts that never change, an append-only log, spans that end within their article,
relations whose ends are in their own set, and guideline numbers without gaps."""

from django.db import migrations

IMMUTABLE_TEXT = """
CREATE FUNCTION refuse_new_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The text of an article never changes.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'article_text_never_changes', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER article_text_never_changes BEFORE UPDATE ON annotations_article FOR EACH ROW
  WHEN (OLD.text IS DISTINCT FROM NEW.text OR OLD.text_sha256 IS DISTINCT FROM NEW.text_sha256)
  EXECUTE FUNCTION refuse_new_text();
"""
IMMUTABLE_TEXT_BACK = """
DROP TRIGGER article_text_never_changes ON annotations_article;
DROP FUNCTION refuse_new_text();
"""

APPEND_ONLY = """
CREATE FUNCTION refuse_edit_of_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The log of changes is append-only.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'change_append_only', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER change_append_only BEFORE UPDATE OR DELETE ON annotations_change FOR EACH ROW
  EXECUTE FUNCTION refuse_edit_of_log();
REVOKE TRUNCATE ON annotations_change FROM CURRENT_USER;
"""
APPEND_ONLY_BACK = """
DROP TRIGGER change_append_only ON annotations_change;
DROP FUNCTION refuse_edit_of_log();
GRANT TRUNCATE ON annotations_change TO CURRENT_USER;
"""

# Statement-level, so that a COPY of 200,000 spans costs one join.
WITHIN_ARTICLE = """
CREATE FUNCTION refuse_span_past_end() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER span_within_article_insert AFTER INSERT ON annotations_span
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refuse_span_past_end();
CREATE TRIGGER span_within_article_update AFTER UPDATE ON annotations_span
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refuse_span_past_end();
"""
WITHIN_ARTICLE_BACK = """
DROP TRIGGER span_within_article_insert ON annotations_span;
DROP TRIGGER span_within_article_update ON annotations_span;
DROP FUNCTION refuse_span_past_end();
"""

ENDS_IN_SET = """
ALTER TABLE annotations_relation
  ADD CONSTRAINT relation_source_in_its_set FOREIGN KEY (source_id, annotation_set_id)
    REFERENCES annotations_span (id, annotation_set_id) DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT relation_target_in_its_set FOREIGN KEY (target_id, annotation_set_id)
    REFERENCES annotations_span (id, annotation_set_id) DEFERRABLE INITIALLY DEFERRED;
"""
ENDS_IN_SET_BACK = """
ALTER TABLE annotations_relation
  DROP CONSTRAINT relation_source_in_its_set, DROP CONSTRAINT relation_target_in_its_set;
"""

NO_GAPS = """
CREATE FUNCTION refuse_guideline_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number <> 1 + coalesce(
    (SELECT max(number) FROM annotations_guidelineversion WHERE project_id = NEW.project_id), 0
  ) THEN
    RAISE EXCEPTION 'Guideline versions of a project are numbered without gaps.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'guideline_numbers_without_gaps', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guideline_numbers_without_gaps BEFORE INSERT ON annotations_guidelineversion FOR EACH ROW
  EXECUTE FUNCTION refuse_guideline_gap();
"""
NO_GAPS_BACK = """
DROP TRIGGER guideline_numbers_without_gaps ON annotations_guidelineversion;
DROP FUNCTION refuse_guideline_gap();
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0001_tables")]

    operations = [
        migrations.RunSQL(sql=IMMUTABLE_TEXT, reverse_sql=IMMUTABLE_TEXT_BACK),
        migrations.RunSQL(sql=APPEND_ONLY, reverse_sql=APPEND_ONLY_BACK),
        migrations.RunSQL(sql=WITHIN_ARTICLE, reverse_sql=WITHIN_ARTICLE_BACK),
        migrations.RunSQL(sql=ENDS_IN_SET, reverse_sql=ENDS_IN_SET_BACK),
        migrations.RunSQL(sql=NO_GAPS, reverse_sql=NO_GAPS_BACK),
    ]
