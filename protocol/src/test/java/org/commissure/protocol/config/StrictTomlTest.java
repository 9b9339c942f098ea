package org.commissure.protocol.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StrictTomlTest {
    record File(Table table, Optional<Table> other) {}

    record Table(int number, boolean flag, List<String> words, Optional<String> note) {}

    private static final String GOOD = """
            # a comment
            [table]
            number = 3
            flag = true
            words = ["a", "b"]
            """;

    @Test
    void anUnknownKeyIsNamedWithItsLineAlsoInATableThatMayBeAbsent() {
        TomlException known = problem(GOOD.replace("number", "numbre"));
        assertThat(known.line()).isEqualTo(3);
        assertThat(known).hasMessageContaining("table.numbre").hasMessageContaining("did you mean 'number'");
        TomlException nested = problem(GOOD + "[other]\nnumber = 1\nflag = false\nwordz = []\n");
        assertThat(nested.line()).isEqualTo(9);
        assertThat(nested).hasMessageContaining("other.wordz").hasMessageContaining("did you mean 'words'");
    }

    @Test
    void aMissingKeyIsNamedWithTheLineOfItsTable() {
        TomlException missing = problem(GOOD.replace("number = 3\n", ""));
        assertThat(missing.line()).isEqualTo(2);
        assertThat(missing).hasMessageContaining("table.number is missing");
    }

    @Test
    void valuesOfAnotherTypeAreNotCoerced() {
        assertThat(problem(GOOD.replace("flag = true", "flag = \"true\"")).line())
                .isEqualTo(4);
        assertThat(problem(GOOD.replace("flag = true", "flag = 1")).line()).isEqualTo(4);
        assertThat(problem(GOOD.replace("[\"a\", \"b\"]", "[1, 2]")).line()).isEqualTo(5);
        assertThat(problem(GOOD.replace("number = 3", "number = \"3\"")).line()).isEqualTo(3);
        assertThat(problem(GOOD.replace("number = 3", "number = 3.5")).line()).isEqualTo(3);
    }

    @Test
    void whatIsNotTomlIsRefusedWithItsLine() {
        assertThat(problem(GOOD.replace("flag = true", "flag = = true")).line()).isEqualTo(4);
    }

    @Test
    void aTextIsFlattenedInItsOrder() throws TomlException {
        assertThat(StrictToml.flat(GOOD))
                .containsExactly(
                        java.util.Map.entry("table.number", "3"),
                        java.util.Map.entry("table.flag", "true"),
                        java.util.Map.entry("table.words", "[\"a\",\"b\"]"));
    }

    @Test
    void aThousandIsFlattenedAsPeopleWriteItAndNoNumberFillsALine() throws TomlException {
        assertThat(StrictToml.flat("budget = 1000.0\nsmall = 1e-5\nplain = 8.5\nhuge = 1e300\n"))
                .containsEntry("budget", "1000")
                .containsEntry("plain", "8.5")
                .allSatisfy((key, value) -> assertThat(value).hasSizeLessThan(20));
    }

    private static TomlException problem(String toml) {
        return catchThrowableOfType(TomlException.class, () -> StrictToml.parse(toml, File.class));
    }
}
