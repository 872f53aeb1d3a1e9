"""The bin, and the one way to destroy what is in it: a setting that only the operator's command makes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


REFUSE = """
CREATE OR REPLACE FUNCTION refuse_edit_of_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {exception}RAISE EXCEPTION 'The log of changes is append-only.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'change_append_only', TABLE = TG_TABLE_NAME;
END $$;
"""
PURGE = """IF TG_OP = 'DELETE' AND current_setting('newsapp.purging', true) = 'on' THEN
    RETURN OLD;
  END IF;
  """


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0008_audit'),
    ]

    operations = [
        migrations.AddField(
            model_name='project',
            name='bin_of',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='articles_bin', to='annotations.project'),
        ),
        migrations.CreateModel(
            name='BinnedArticle',
            fields=[
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='binned', serialize=False, to='annotations.article')),
                ('batch', models.UUIDField(db_index=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='binned', to='annotations.project')),
            ],
            options={
                'indexes': [models.Index(models.F('project'), models.OrderBy(models.F('at'), descending=True), models.OrderBy(models.F('article'), descending=True), name='binned_of_project')],
            },
        ),
        migrations.RunSQL(sql=REFUSE.format(exception=PURGE), reverse_sql=REFUSE.format(exception="")),
    ]
