"""An import can be undone as long as nothing was built on it: what it brought is remembered, and of the log, which is
append-only, the lines may go that the import itself wrote, while it is named as the one that is undone."""

import django.db.models.deletion
from django.db import migrations, models


UNDOABLE = """
CREATE OR REPLACE FUNCTION refuse_edit_of_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.action = 'import_set' AND OLD.revision = 1
     AND OLD.batch::text = current_setting('newsapp.undone_import', true) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'The log of changes is append-only.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'change_append_only', TABLE = TG_TABLE_NAME;
END $$;
"""
UNDOABLE_BACK = """
CREATE OR REPLACE FUNCTION refuse_edit_of_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The log of changes is append-only.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'change_append_only', TABLE = TG_TABLE_NAME;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0011_sign_ins'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportedArticle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='job',
            name='job_state_known',
        ),
        migrations.AlterField(
            model_name='job',
            name='state',
            field=models.CharField(choices=[('draft', 'Being prepared'), ('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=9),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'waiting', 'running', 'done', 'failed', 'cancelled'])), name='job_state_known'),
        ),
        migrations.AddField(
            model_name='importedarticle',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='annotations.article'),
        ),
        migrations.AddField(
            model_name='importedarticle',
            name='job',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='imported', to='annotations.job'),
        ),
        migrations.AddIndex(
            model_name='importedarticle',
            index=models.Index(fields=['job', 'article'], name='imported_by_job'),
        ),
        migrations.RunSQL(sql=UNDOABLE, reverse_sql=UNDOABLE_BACK),
    ]
