"""The language of who asked for a job: its report is written in it."""

import django.utils.translation
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0016_bands_written_at_once'),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='language',
            field=models.CharField(db_default="en", default=django.utils.translation.get_language, max_length=10),
        ),
    ]
