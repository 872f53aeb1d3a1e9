"""Lists of a project's articles and of a person's work are read in their order from an index, as are the languages."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Made beside those who save. Broken off (by the lock_timeout of `newsapp.start.migrate`, too), it leaves an index
    # that is not valid; the next try begins with removing it.
    atomic = False

    dependencies = [
        ("annotations", "0018_projects_in_the_bin"),
    ]

    operations = [
        *(
            migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop)
            for name in ("article_in_project", "article_language", "set_begun")
        ),
        AddIndexConcurrently(
            model_name="article",
            index=models.Index(fields=["project", "id"], name="article_in_project"),
        ),
        AddIndexConcurrently(
            model_name="article",
            index=models.Index(fields=["project", "language"], name="article_language"),
        ),
        AddIndexConcurrently(
            model_name="annotationset",
            index=models.Index(fields=["annotator", "started_at", "id"], name="set_begun"),
        ),
        # By itself Django would make the foreign keys anew, and read both tables for that.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop)
                for name in ("annotations_article_project_id_edeaca9e", "annotations_annotationset_annotator_id_042320e6")
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="article",
                    name="project",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles",
                        to="annotations.project",
                    ),
                ),
                migrations.AlterField(
                    model_name="annotationset",
                    name="annotator",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="annotation_sets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
