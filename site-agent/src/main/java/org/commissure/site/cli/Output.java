package org.commissure.site.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Where the site commands print, and their one JSON form. */
final class Output {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Output() {}

    static PrintWriter of(@Nullable CommandSpec spec) {
        return Objects.requireNonNull(spec, "picocli injects the specification")
                .commandLine()
                .getOut();
    }

    /** For progress, so that results can be piped. */
    static PrintWriter errors(@Nullable CommandSpec spec) {
        return Objects.requireNonNull(spec, "picocli injects the specification")
                .commandLine()
                .getErr();
    }

    static void json(PrintWriter out, Object facts) {
        out.println(text(facts));
        out.flush();
    }

    static String text(Object facts) {
        try {
            return JSON.writeValueAsString(facts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("facts are maps, lists, strings and numbers", e);
        }
    }
}
