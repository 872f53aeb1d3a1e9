"""The index of bands is written with each row: what waits in its list was read through by every look-up."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0015_log_lines_that_may_go'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='textsketch', name='sketch_bands'),
        migrations.AddIndex(
            model_name='textsketch',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['bands'], name='sketch_bands'),
        ),
    ]
