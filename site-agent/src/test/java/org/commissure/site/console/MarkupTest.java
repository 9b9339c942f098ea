package org.commissure.site.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MarkupTest {
    @Test
    void whatAStudyCallsItselfCannotBecomeMarkup() {
        String hostile = "\"><script>alert(1)</script>&'";
        String page = new Markup()
                .open("a", "href", hostile)
                .text(hostile)
                .close()
                .table(hostile, List.of(hostile), List.of(List.of(hostile)), "")
                .end();
        assertThat(page)
                .doesNotContain("<script", "\"\"")
                .contains("href=\"&quot;&gt;&lt;script&gt;", "data-label=\"&quot;&gt;");
    }

    @Test
    void anElementThatStaysOpenIsADefect() {
        assertThatThrownBy(() -> new Markup().open("p").end()).hasMessageContaining("<p>");
    }
}
