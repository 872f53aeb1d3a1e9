"""Who did what when, append-only as the log of changes."""

import annotations.domain.identifiers
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


APPEND_ONLY = """
CREATE FUNCTION refuse_edit_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit is append-only.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_append_only', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON annotations_auditentry FOR EACH ROW
  EXECUTE FUNCTION refuse_edit_of_audit();
REVOKE TRUNCATE ON annotations_auditentry FROM CURRENT_USER;
"""
APPEND_ONLY_BACK = """
DROP TRIGGER audit_append_only ON annotations_auditentry;
DROP FUNCTION refuse_edit_of_audit();
GRANT TRUNCATE ON annotations_auditentry TO CURRENT_USER;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0007_heartbeats'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.UUIDField(default=annotations.domain.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('action', models.CharField(max_length=40)),
                ('object', models.CharField(blank=True, max_length=200)),
                ('details', models.JSONField(default=dict)),
                ('token', models.UUIDField(null=True)),
                ('request_id', models.CharField(blank=True, max_length=64)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.project')),
            ],
            options={
                'indexes': [models.Index(models.F('project'), models.OrderBy(models.F('at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='audit_of_project'), models.Index(models.OrderBy(models.F('at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='audit_of_all')],
            },
        ),
        migrations.RunSQL(sql=APPEND_ONLY, reverse_sql=APPEND_ONLY_BACK),
    ]
