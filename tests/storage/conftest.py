"""The suite lives in the engine; pytest should explain its asserts as it does those of tests."""

import pytest

pytest.register_assert_rewrite("ordinance.testing")
