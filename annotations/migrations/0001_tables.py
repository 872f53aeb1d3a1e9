"""The tables; `count_fragments` comes first, since a generated column of spans is computed with it."""

import annotations.domain.identifiers
import annotations.models.fields
import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.RunSQL(
            sql="CREATE FUNCTION count_fragments(int4multirange) RETURNS smallint LANGUAGE sql IMMUTABLE STRICT"
            " PARALLEL SAFE RETURN (SELECT count(*)::smallint FROM unnest($1))",
            reverse_sql="DROP FUNCTION count_fragments(int4multirange)",
        ),
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_-]*\\Z', 'Small letters, digits, - and _, beginning with a letter.')])),
                ('name', models.CharField(max_length=80)),
                ('colour', models.PositiveSmallIntegerField(default=0, verbose_name='colour')),
                ('shortcut', models.CharField(blank=True, choices=[('a', 'a'), ('b', 'b'), ('c', 'c'), ('d', 'd'), ('g', 'g'), ('h', 'h'), ('i', 'i'), ('j', 'j'), ('l', 'l'), ('v', 'v'), ('w', 'w'), ('z', 'z')], max_length=1)),
                ('line_style', models.CharField(choices=[('solid', 'Solid'), ('dashed', 'Dashed'), ('dotted', 'Dotted'), ('double', 'Double'), ('wavy', 'Wavy')], default='solid', max_length=6)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['project', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('may_create_projects', models.BooleanField(default=False, verbose_name='may create projects')),
                ('preferences', models.JSONField(blank=True, default=dict)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.UUIDField(default=annotations.domain.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('external_id', models.CharField(max_length=500)),
                ('title', models.TextField(blank=True)),
                ('text', models.TextField()),
                ('text_sha256', models.CharField(max_length=64)),
                ('characters', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Length(models.F('text')), output_field=models.IntegerField())),
                ('language', models.CharField(blank=True, max_length=35)),
                ('outlet', models.TextField(blank=True)),
                ('author', models.TextField(blank=True)),
                ('section', models.TextField(blank=True)),
                ('url', models.TextField(blank=True)),
                ('published_at', models.CharField(blank=True, max_length=40)),
                ('published_on', models.DateField(blank=True, null=True)),
                ('license', models.TextField(blank=True)),
                ('metadata', models.JSONField(blank=True, default=dict)),
                ('search', models.GeneratedField(db_persist=True, expression=models.Func(template="to_tsvector(CASE lower(split_part(language, '-', 1)) WHEN 'ar' THEN 'arabic'::regconfig WHEN 'ca' THEN 'catalan'::regconfig WHEN 'da' THEN 'danish'::regconfig WHEN 'de' THEN 'german'::regconfig WHEN 'el' THEN 'greek'::regconfig WHEN 'en' THEN 'english'::regconfig WHEN 'es' THEN 'spanish'::regconfig WHEN 'eu' THEN 'basque'::regconfig WHEN 'fi' THEN 'finnish'::regconfig WHEN 'fr' THEN 'french'::regconfig WHEN 'ga' THEN 'irish'::regconfig WHEN 'hi' THEN 'hindi'::regconfig WHEN 'hu' THEN 'hungarian'::regconfig WHEN 'hy' THEN 'armenian'::regconfig WHEN 'id' THEN 'indonesian'::regconfig WHEN 'it' THEN 'italian'::regconfig WHEN 'lt' THEN 'lithuanian'::regconfig WHEN 'nb' THEN 'norwegian'::regconfig WHEN 'ne' THEN 'nepali'::regconfig WHEN 'nl' THEN 'dutch'::regconfig WHEN 'nn' THEN 'norwegian'::regconfig WHEN 'no' THEN 'norwegian'::regconfig WHEN 'pt' THEN 'portuguese'::regconfig WHEN 'ro' THEN 'romanian'::regconfig WHEN 'ru' THEN 'russian'::regconfig WHEN 'sr' THEN 'serbian'::regconfig WHEN 'sv' THEN 'swedish'::regconfig WHEN 'ta' THEN 'tamil'::regconfig WHEN 'tr' THEN 'turkish'::regconfig WHEN 'yi' THEN 'yiddish'::regconfig ELSE 'simple'::regconfig END, left(title || ' ' || text, CASE WHEN octet_length(text) > 600000 THEN 100000 ELSE 300000 END))", output_field=django.contrib.postgres.search.SearchVectorField()), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('open_slots', models.SmallIntegerField(default=0, verbose_name='annotators it still needs')),
                ('priority', models.IntegerField(default=0, verbose_name='place in the queue, lower first')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('superseded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.article')),
            ],
        ),
        migrations.CreateModel(
            name='GuidelineVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('markdown', models.TextField(max_length=200000)),
                ('published_at', models.DateTimeField(auto_now_add=True)),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['project', 'number'],
            },
        ),
        migrations.CreateModel(
            name='AnnotationSet',
            fields=[
                ('id', models.UUIDField(default=annotations.domain.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('annotator', 'Annotator'), ('gold', 'Gold'), ('suggestion', 'Suggestion')], max_length=10)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('engine', models.CharField(blank=True, max_length=200)),
                ('version', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('in_progress', 'In progress'), ('submitted', 'Submitted'), ('returned', 'Returned'), ('skipped', 'Skipped'), ('released', 'Released'), ('open', 'Open'), ('done', 'Done'), ('ready', 'Ready')], max_length=11)),
                ('revision', models.IntegerField(default=0)),
                ('imported_guideline', models.IntegerField(null=True)),
                ('lease_expires_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('active_seconds', models.PositiveIntegerField(default=0)),
                ('annotator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='annotation_sets', to=settings.AUTH_USER_MODEL)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annotation_sets', to='annotations.article')),
                ('guideline', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.guidelineversion')),
            ],
        ),
        migrations.CreateModel(
            name='LabelAttribute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_-]*\\Z', 'Small letters, digits, - and _, beginning with a letter.')])),
                ('name', models.CharField(max_length=80)),
                ('choices', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=50)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('label', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attributes', to='annotations.label')),
            ],
            options={
                'ordering': ['label', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.UUIDField(default=annotations.domain.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('description', models.TextField(blank=True, max_length=5000)),
                ('annotators_per_article', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)])),
                ('blind', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('annotators_per_article__gte', 1), ('annotators_per_article__lte', 20)), name='project_annotators_1_to_20')],
            },
        ),
        migrations.CreateModel(
            name='OneTimeLink',
            fields=[
                ('id', models.UUIDField(default=annotations.domain.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('invitation', 'Invitation'), ('password_reset', 'Password reset')], max_length=20)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('role', models.CharField(blank=True, max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('used_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='annotations.project')),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('manager', 'Manager'), ('reviewer', 'Reviewer'), ('annotator', 'Annotator'), ('reader', 'Reader')], max_length=10)),
                ('joined_at', models.DateTimeField(auto_now_add=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('queue_priority', models.IntegerField(editable=False, null=True)),
                ('queue_article', models.UUIDField(editable=False, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='annotations.project')),
            ],
        ),
        migrations.AddField(
            model_name='label',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='labels', to='annotations.project'),
        ),
        migrations.AddField(
            model_name='guidelineversion',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guideline_versions', to='annotations.project'),
        ),
        migrations.CreateModel(
            name='Entity',
            fields=[
                ('id', models.UUIDField(default=annotations.domain.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=500)),
                ('identifiers', models.JSONField(blank=True, default=dict)),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('label', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.label')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entities', to='annotations.project')),
            ],
        ),
        migrations.AddField(
            model_name='article',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='annotations.project'),
        ),
        migrations.CreateModel(
            name='RateLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200)),
                ('window', models.DateTimeField(db_index=True)),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'window'), name='rate_limit_once_per_window')],
            },
        ),
        migrations.CreateModel(
            name='RelationLabel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_-]*\\Z', 'Small letters, digits, - and _, beginning with a letter.')])),
                ('name', models.CharField(max_length=80)),
                ('shortcut', models.CharField(blank=True, choices=[('m', 'm'), ('k', 'k')], max_length=1)),
                ('many', models.BooleanField(default=True, verbose_name='a source may have many targets')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relation_labels', to='annotations.project')),
                ('source_label', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.label')),
                ('target_label', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.label')),
            ],
            options={
                'ordering': ['project', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Span',
            fields=[
                ('id', models.UUIDField(default=annotations.domain.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('external_id', models.CharField(max_length=200, null=True)),
                ('fragments', annotations.models.fields.FragmentsField()),
                ('start', models.GeneratedField(db_persist=True, expression=models.Func(models.F('fragments'), function='lower'), output_field=models.IntegerField())),
                ('end', models.GeneratedField(db_persist=True, expression=models.Func(models.F('fragments'), function='upper'), output_field=models.IntegerField())),
                ('parts', models.GeneratedField(db_persist=True, expression=models.Func(models.F('fragments'), function='count_fragments'), output_field=models.SmallIntegerField())),
                ('attributes', models.JSONField(default=dict)),
                ('note', models.TextField(blank=True, max_length=10000)),
                ('origin', models.CharField(choices=[('typed', 'Labelled by hand'), ('suggested', 'Accepted suggestion'), ('propagated', 'Identical mention'), ('imported', 'Imported')], default='typed', max_length=10)),
                ('score', models.FloatField(null=True)),
                ('sources', models.JSONField(default=list)),
                ('revision', models.IntegerField()),
                ('annotation_set', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='spans', to='annotations.annotationset')),
                ('entity', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='spans', to='annotations.entity')),
                ('label', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.label')),
            ],
            options={
                'ordering': ['start', 'end', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.UUIDField(default=annotations.domain.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('external_id', models.CharField(max_length=200, null=True)),
                ('revision', models.IntegerField()),
                ('annotation_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations', to='annotations.annotationset')),
                ('label', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.relationlabel')),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='relations_out', to='annotations.span')),
                ('target', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.RESTRICT, related_name='relations_in', to='annotations.span')),
            ],
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.UUIDField(default=annotations.domain.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('scope', models.CharField(choices=[('read', 'Read'), ('annotate', 'Read and annotate'), ('manage', 'Everything its owner may do')], default='manage', max_length=10)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('hint', models.CharField(max_length=8)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('last_used_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('scope__in', ['read', 'annotate', 'manage'])), name='token_scope_known')],
            },
        ),
        migrations.CreateModel(
            name='ArticleOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='annotations.article')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('article', 'user'), name='opening_once_per_person')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('pk', models.CompositePrimaryKey('annotation_set_id', 'revision', blank=True, editable=False, primary_key=True, serialize=False)),
                ('revision', models.IntegerField()),
                ('uuid', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('action', models.CharField(choices=[('put_span', 'Span written'), ('delete_span', 'Span deleted'), ('put_relation', 'Relation written'), ('delete_relation', 'Relation deleted'), ('import_set', 'Set imported')], max_length=15)),
                ('object', models.UUIDField()),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('batch', models.UUIDField()),
                ('undoes', models.UUIDField(null=True)),
                ('annotation_set', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='annotations.annotationset')),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['annotation_set', 'revision'],
                'indexes': [models.Index(fields=['annotation_set', 'object', 'revision'], name='change_of_object')],
                'constraints': [models.UniqueConstraint(fields=('annotation_set', 'uuid'), name='change_id_once_per_set')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.UUIDField(default=annotations.domain.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('span', models.UUIDField(null=True)),
                ('kind', models.CharField(choices=[('comment', 'Comment'), ('flag', 'Flag'), ('skip', 'Skipped because'), ('return', 'Returned because')], max_length=10)),
                ('text', models.TextField(max_length=5000)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('annotation_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='annotations.annotationset')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['annotation_set', 'at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='comment_has_text'), models.CheckConstraint(condition=models.Q(('kind__in', ['comment', 'flag', 'skip', 'return'])), name='comment_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Disagreement',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=30)),
                ('label', models.CharField(max_length=40)),
                ('shape', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('open', 'Open'), ('decided', 'Decided'), ('stale', 'Stale')], default='open', max_length=10)),
                ('unanimous', models.BooleanField(default=False)),
                ('start', models.IntegerField(default=0)),
                ('payload', models.JSONField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disagreements', to='annotations.article')),
            ],
            options={
                'ordering': ['article', 'start', 'id'],
                'indexes': [models.Index(fields=['article', 'state', 'start'], name='disagreement_open'), models.Index(fields=['shape'], name='disagreement_shape')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'decided', 'stale'])), name='disagreement_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=annotations.domain.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('disagreement', models.UUIDField(db_index=True, null=True)),
                ('kind', models.CharField(choices=[('disagreement', 'Disagreement settled'), ('edit', 'Gold edited'), ('import', 'Gold imported'), ('unanimous', 'Unanimous accepted'), ('majority', 'Majority accepted')], max_length=15)),
                ('versions', models.JSONField(default=list)),
                ('sources', models.JSONField(default=list)),
                ('gold', models.JSONField(default=list)),
                ('batch', models.UUIDField()),
                ('reason', models.TextField(blank=True, max_length=5000)),
                ('rule', models.TextField(blank=True, max_length=5000)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='annotations.article')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('guideline', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.guidelineversion')),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('disagreement__isnull', False), ('undone_at__isnull', True)), fields=('disagreement',), name='decision_once_per_disagreement'), models.CheckConstraint(condition=models.Q(('kind__in', ['disagreement', 'edit', 'import', 'unanimous', 'majority'])), name='decision_kind_known')],
            },
        ),
        migrations.AddIndex(
            model_name='annotationset',
            index=models.Index(fields=['annotator', 'state', 'started_at'], name='set_of_annotator'),
        ),
        migrations.AddIndex(
            model_name='annotationset',
            index=models.Index(condition=models.Q(('lease_expires_at__isnull', False), ('state', 'in_progress')), fields=['lease_expires_at'], name='set_leases'),
        ),
        migrations.AddConstraint(
            model_name='annotationset',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'annotator')), fields=('article', 'annotator'), name='set_once_per_annotator_and_article'),
        ),
        migrations.AddConstraint(
            model_name='annotationset',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'gold')), fields=('article',), name='set_one_gold_per_article'),
        ),
        migrations.AddConstraint(
            model_name='annotationset',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'suggestion')), fields=('article', 'source'), name='set_once_per_source_and_article'),
        ),
        migrations.AddConstraint(
            model_name='annotationset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('annotator__isnull', False), ('kind', 'annotator'), ('source', '')), models.Q(('annotator__isnull', True), ('kind', 'gold'), ('source', '')), models.Q(('annotator__isnull', True), ('kind', 'suggestion'), models.Q(('source', ''), _negated=True)), _connector='OR'), name='set_has_its_author'),
        ),
        migrations.AddConstraint(
            model_name='annotationset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'annotator'), ('state__in', ('in_progress', 'submitted', 'returned', 'skipped', 'released'))), models.Q(('kind', 'gold'), ('state__in', ('open', 'done'))), models.Q(('kind', 'suggestion'), ('state__in', ('ready',))), _connector='OR'), name='set_state_of_its_kind'),
        ),
        migrations.AddConstraint(
            model_name='annotationset',
            constraint=models.CheckConstraint(condition=models.Q(('revision__gte', 0)), name='set_revision_from_0'),
        ),
        migrations.AddConstraint(
            model_name='labelattribute',
            constraint=models.UniqueConstraint(fields=('label', 'key'), name='attribute_key_once_per_label'),
        ),
        migrations.AddConstraint(
            model_name='labelattribute',
            constraint=models.CheckConstraint(condition=models.Q(('choices__len__gte', 1)), name='attribute_has_choices'),
        ),
        migrations.AddConstraint(
            model_name='onetimelink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('project__isnull', False), ('purpose', 'invitation'), ('user__isnull', True)), models.Q(('purpose', 'password_reset'), ('user__isnull', False)), _connector='OR'), name='link_names_what_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('project', 'user'), name='membership_once_per_person'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['manager', 'reviewer', 'annotator', 'reader'])), name='membership_role_known'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.UniqueConstraint(fields=('project', 'key'), name='label_key_once_per_project'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('shortcut', ''), _negated=True), ('archived_at__isnull', True)), fields=('project', 'shortcut'), name='label_shortcut_once_per_project'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.CheckConstraint(condition=models.Q(('colour__lt', 12)), name='label_colour_in_palette'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.CheckConstraint(condition=models.Q(('line_style__in', ['solid', 'dashed', 'dotted', 'double', 'wavy'])), name='label_line_style_known'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.CheckConstraint(condition=models.Q(('shortcut', ''), ('shortcut__in', ('a', 'b', 'c', 'd', 'g', 'h', 'i', 'j', 'l', 'v', 'w', 'z')), _connector='OR'), name='label_shortcut_allowed'),
        ),
        migrations.AddConstraint(
            model_name='guidelineversion',
            constraint=models.UniqueConstraint(fields=('project', 'number'), name='guideline_number_once'),
        ),
        migrations.AddConstraint(
            model_name='guidelineversion',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='guideline_number_from_1'),
        ),
        migrations.AddConstraint(
            model_name='entity',
            constraint=models.UniqueConstraint(fields=('project', 'label', 'name'), name='entity_name_once_per_label'),
        ),
        migrations.AddConstraint(
            model_name='entity',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='entity_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='entity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__gte', -90), ('latitude__lte', 90), ('longitude__gte', -180), ('longitude__lte', 180)), _connector='OR'), name='entity_coordinates_on_earth'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('open_slots__gt', 0)), fields=['project', 'priority', 'id'], name='article_queue'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['project', 'text_sha256'], name='article_text'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['project', 'published_on'], name='article_published'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(models.F('project'), models.Func(models.F('external_id'), template='%(expressions)s COLLATE "C"'), name='article_export_order'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='article_search'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_by__isnull', True)), fields=('project', 'external_id'), name='article_external_id_once_per_project'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('external_id', ''), _negated=True), name='article_has_external_id'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('characters__gte', 1), ('characters__lte', 1000000)), name='article_has_text_of_at_most_1000000'),
        ),
        migrations.AddConstraint(
            model_name='relationlabel',
            constraint=models.UniqueConstraint(fields=('project', 'key'), name='relation_label_key_once_per_project'),
        ),
        migrations.AddConstraint(
            model_name='relationlabel',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('shortcut', ''), _negated=True), ('archived_at__isnull', True)), fields=('project', 'shortcut'), name='relation_label_shortcut_once_per_project'),
        ),
        migrations.AddIndex(
            model_name='span',
            index=models.Index(fields=['annotation_set', 'start'], name='span_reading_order'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=models.UniqueConstraint(deferrable=models.Deferrable['DEFERRED'], fields=('annotation_set', 'label', 'fragments'), name='span_once_per_label_and_fragments'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id__isnull', False)), fields=('annotation_set', 'external_id'), name='span_external_id_once_per_set'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=models.UniqueConstraint(fields=('id', 'annotation_set'), name='span_in_its_set'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=models.CheckConstraint(condition=models.Q(('parts__gte', 1), ('parts__lte', 100)), name='span_has_1_to_100_fragments'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=models.CheckConstraint(condition=models.Q(('start__gte', 0), ('start__isnull', False)), name='span_starts_at_0_or_later'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=models.CheckConstraint(condition=models.Q(('end__isnull', False)), name='span_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=models.CheckConstraint(condition=models.Q(('origin__in', ['typed', 'suggested', 'propagated', 'imported'])), name='span_origin_known'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(deferrable=models.Deferrable['DEFERRED'], fields=('source', 'label', 'target'), name='relation_once_per_triple'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id__isnull', False)), fields=('annotation_set', 'external_id'), name='relation_external_id_once_per_set'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='relation_links_two_spans'),
        ),
    ]
