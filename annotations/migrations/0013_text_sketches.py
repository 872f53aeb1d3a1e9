"""Near copies of a text are found by the sketches of texts."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0012_imports_undone'),
    ]

    operations = [
        migrations.CreateModel(
            name='TextSketch',
            fields=[
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='sketch', serialize=False, to='annotations.article')),
                ('signature', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField())),
                ('bands', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['bands'], name='sketch_bands')],
            },
        ),
    ]
