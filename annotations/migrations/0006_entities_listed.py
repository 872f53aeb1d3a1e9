"""Which entities everybody may see: those made by hand or by an import, not those of somebody's labelling alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("annotations", "0005_suggestion_verdicts_taken_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="entity",
            name="listed",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.RunSQL(
            "UPDATE annotations_entity e SET listed = TRUE WHERE EXISTS"
            " (SELECT 1 FROM annotations_span s WHERE s.entity_id = e.id AND s.origin = 'imported')",
            migrations.RunSQL.noop,
        ),
    ]
