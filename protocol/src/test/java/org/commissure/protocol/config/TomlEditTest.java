package org.commissure.protocol.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TomlEditTest {
    private static final String TOML = """
            # a study
            [study]
            name = "A \\"first\\" = study" # with a quote
            [rounds]
            count = 20   # training rounds
            server_optimiser.rule = "adam"
            [model]
            coordinates = [
              [0.0, 1.0], # a comment ] in a list
              [2.0, 3.0],
            ]
            text = \"""
            two
            lines\"""
            """;

    private static String set(String key, String value) throws TomlException {
        return TomlEdit.set(TOML, key, value);
    }

    @Test
    void oneValueChangesAndEveryOtherByteStays() throws TomlException {
        assertThat(set("rounds.count", "40")).isEqualTo(TOML.replace("count = 20 ", "count = 40 "));
        assertThat(set("study.name", "Another study"))
                .isEqualTo(TOML.replace("\"A \\\"first\\\" = study\"", "\"Another study\""));
        assertThat(set("rounds.server_optimiser.rule", "\"yogi\"")).isEqualTo(TOML.replace("adam", "yogi"));
        assertThat(set("model.coordinates", "[[9.0]]"))
                .contains("coordinates = [[9.0]]\ntext")
                .doesNotContain("2.0");
        assertThat(set("model.text", "short")).endsWith("text = \"short\"\n");
    }

    @Test
    void aKeyIsAddedToItsTableWhereverThatIs() throws TomlException {
        assertThat(set("rounds.maximum_attempts", "3")).contains("[rounds]\nmaximum_attempts = 3\ncount = 20");
        assertThat(set("hours.zone", "UTC")).endsWith("[hours]\nzone = \"UTC\"\n");
        assertThat(set("top", "true")).startsWith("top = true\n# a study");
    }

    @Test
    void aKeyIsLeftOutWithItsValue() throws TomlException {
        assertThat(set("rounds.count", "")).doesNotContain("count").contains("[rounds]\nserver_optimiser");
        assertThat(set("model.coordinates", "")).contains("[model]\ntext");
        assertThatThrownBy(() -> set("rounds.attempts", "")).hasMessageContaining("cannot be left out");
    }

    @Test
    void whatIsNoTomlIsAString() throws TomlException {
        assertThat(set("study.name", "a \"quoted\" \\ name")).contains("name = \"a \\\"quoted\\\" \\\\ name\" # with");
        assertThat(set("rounds.count", "1 x = 2")).contains("count = \"1 x = 2\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a = {b = 1, c = 2}\n", "[a]\nb.c = 1\n\"b\".d = 2\n"})
    void aFormThatItDoesNotUnderstandIsRefusedAndNotSpoiled(String toml) {
        String key = toml.contains("{") ? "a.b" : "a.b.d";
        assertThatThrownBy(() -> TomlEdit.set(toml, key, "5")).isInstanceOf(TomlException.class);
    }
}
