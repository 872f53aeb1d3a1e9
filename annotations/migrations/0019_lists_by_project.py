"""Lists of a project's articles and of a person's work are read in their order from an index, as are the languages."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0016_bands_written_at_once'),
    ]

    operations = [
        migrations.AlterField(
            model_name='article',
            name='project',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='annotations.project'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['project', 'id'], name='article_in_project'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['project', 'language'], name='article_language'),
        ),
        migrations.AlterField(
            model_name='annotationset',
            name='annotator',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='annotation_sets', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='annotationset',
            index=models.Index(fields=['annotator', 'started_at', 'id'], name='set_begun'),
        ),
    ]
