package org.commissure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class CommandFailureTest {
    private static String told(Throwable problem) {
        StringWriter text = new StringWriter();
        CommandFailure.explain(problem, new PrintWriter(text));
        return text.toString();
    }

    @Test
    void whatAPersonCanPutRightHasARemedyAndNoStackTrace() {
        assertThat(told(new UserError("no file a.npy", "name another", new IllegalStateException("inner"))))
                .isEqualTo(String.format("error: no file a.npy%nremedy: name another%n"));
    }

    @Test
    void aDefectIsToldInWordsBeforeTheStackTraceForItsReport() {
        assertThat(told(new IllegalStateException("broken")))
                .startsWith(String.format(
                        "error: unexpected: java.lang.IllegalStateException: broken%nremedy: report this with the lines"
                                + " below%n"))
                .contains("\tat " + CommandFailureTest.class.getName());
    }
}
