"""Backups that were proven."""
import annotations.domain.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0009_bin'),
    ]

    operations = [
        migrations.CreateModel(
            name='Backup',
            fields=[
                ('id', models.UUIDField(default=annotations.domain.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('made_at', models.DateTimeField()),
                ('verified_at', models.DateTimeField(db_index=True)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('said', models.TextField()),
                ('is_copied', models.BooleanField(default=False)),
            ],
        ),
    ]
