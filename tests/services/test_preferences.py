"""A person's settings: kept beside one another, only what can be chosen, no key twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.errors import FieldError, InvalidData
from annotations.domain.preferences import ALLOWED_KEYS, CHOICES, KEYS, filled, moved
from annotations.services.preferences import change_preferences
from tests.factories import a_user


@pytest.mark.django_db
def test_what_is_given_is_kept_beside_what_there_is() -> None:
    ben = a_user("ben")
    change_preferences(user=ben, values={"theme": "dark", "keys": {"alike": "Shift+R"}})
    change_preferences(user=ben, values={"sticky": "off", "keys": {"sentence": "r"}})
    ben.refresh_from_db()
    assert ben.preferences == {"theme": "dark", "sticky": "off", "keys": {"alike": "Shift+R", "sentence": "r"}}
    change_preferences(user=ben, values={"keys": {"alike": "r", "sentence": "s"}})
    assert ben.preferences["keys"] == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"theme": "neon"}, FieldError("theme", "One of: system, light, dark.")),
        ({"font": "Papyrus"}, FieldError("font", "There is no such setting.")),
        ({"theme": ["dark"]}, FieldError("theme", "One of: system, light, dark.")),
        ({"keys": "s"}, FieldError("keys", "Give each command its key: {“sentence”: “s”}.")),
        ({"keys": {"fly": "s"}}, FieldError("keys.fly", "There is no such command.")),
        ({"keys": {"sentence": "c"}}, FieldError("keys.sentence", "This key cannot be chosen.")),
        ({"keys": {"sentence": "');alert(1);//"}}, FieldError("keys.sentence", "This key cannot be chosen.")),
        (
            {"keys": {"sentence": "n"}},
            FieldError("keys.sentence", "“n” is the key of “next” already; give that one another key first."),
        ),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_a_sentence(values: dict[str, object], problem: FieldError) -> None:
    ben = a_user("ben")
    with pytest.raises(InvalidData) as refused:
        change_preferences(user=ben, values=values)
    ben.refresh_from_db()
    assert (refused.value.errors, ben.preferences) == ((problem,), {})


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=3)


@given(
    st.dictionaries(
        st.sampled_from([*CHOICES, "keys", "other"]), JSON | st.dictionaries(st.sampled_from([*KEYS]), JSON)
    )
)
def test_whatever_is_stored_the_settings_are_whole_and_every_command_has_a_key_of_its_own(
    stored: dict[str, object],
) -> None:
    settings = filled(stored)
    assert {name: settings[name] in choices for name, choices in CHOICES.items()} == dict.fromkeys(CHOICES, True)
    assert settings["keys"].keys() == KEYS.keys()
    assert len(set(settings["keys"].values())) == len(KEYS)
    assert set(settings["keys"].values()) <= set(ALLOWED_KEYS)


def test_the_page_learns_only_what_has_moved() -> None:
    assert moved({"next": "p", "previous": "n", "note": ";"}) == {"n": "p", "p": "n"}
