"""Lists of a project's articles are read in their order from an index, and so are the languages it has."""

import django.db.models.deletion
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
    ]
