package org.commissure.site.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What one command line did.
 *
 * @param text what it printed, results and errors alike
 */
record CommandResult(int code, String text) {

    static CommandResult of(String... arguments) {
        StringWriter text = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(text, true))
                .setErr(new PrintWriter(text, true))
                .execute(arguments);
        return new CommandResult(code, text.toString());
    }

    /** {@code commissure site model …} */
    static CommandResult siteModel(String... arguments) {
        return of(Stream.concat(Stream.of("site", "model"), Arrays.stream(arguments))
                .toArray(String[]::new));
    }

    JsonNode json() {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
