"""Forms of the pages: they read and check single fields; what belongs together is checked by services."""

from annotations.web.forms.accounts import (
    ChangePasswordForm,
    KeysForm,
    LookForm,
    NewAccountForm,
    NewPasswordForm,
    PreferencesForm,
    SignInForm,
    TokenForm,
)
from annotations.web.forms.articles import STATE_NAMES, ArticlesFilter, OwnSetsFilter, OwnSpansFilter
from annotations.web.forms.fields import PageForm
from annotations.web.forms.labels import (
    AttributeForm,
    LabelForm,
    NewLabelForm,
    NewRelationLabelForm,
    RelationLabelForm,
)
from annotations.web.forms.projects import BinProjectForm, GuidelineForm, NewProjectForm, ProjectForm, RoleForm

__all__ = [
    "STATE_NAMES", "ArticlesFilter", "AttributeForm", "BinProjectForm", "ChangePasswordForm", "GuidelineForm",
    "KeysForm", "LabelForm", "LookForm", "NewAccountForm", "NewLabelForm", "NewPasswordForm", "NewProjectForm",
    "NewRelationLabelForm", "OwnSetsFilter", "OwnSpansFilter", "PageForm", "PreferencesForm", "ProjectForm",
    "RelationLabelForm", "RoleForm", "SignInForm", "TokenForm",
]  # fmt: skip
