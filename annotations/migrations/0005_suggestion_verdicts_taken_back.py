"""A verdict on a suggestion can be taken back, and says when it was given last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0004_suggestions_precedents_jobs_and_releases")]

    operations = [
        migrations.RemoveConstraint("suggestionverdict", "verdict_known"),
        migrations.AlterField(
            "suggestionverdict",
            "verdict",
            models.CharField(
                choices=[
                    ("accepted", "Accepted"),
                    ("edited", "Accepted, then edited"),
                    ("rejected", "Rejected"),
                    ("withdrawn", "Taken back"),
                ],
                max_length=9,
            ),
        ),
        migrations.AlterField("suggestionverdict", "at", models.DateTimeField()),
        migrations.AddConstraint(
            "suggestionverdict",
            models.CheckConstraint(
                name="verdict_known",
                condition=models.Q(verdict__in=["accepted", "edited", "rejected", "withdrawn"]),
            ),
        ),
    ]
