package org.commissure.deploy.federation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commissure.protocol.study.StudyFile;

/** A study file with gaps ({@code ${rounds}}, {@code ${parcels}}) and without its atlas. */
public record StudyTemplate(String text) {

    /** The template in resource {@code name} beside {@code owner}. */
    public static StudyTemplate resource(Class<?> owner, String name) {
        try (InputStream in = Objects.requireNonNull(owner.getResourceAsStream(name), name)) {
            return new StudyTemplate(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the resource " + name, e);
        }
    }

    /** The same with another value for one key, which stands on a line of its own. */
    public StudyTemplate with(String key, String value) {
        return new StudyTemplate(Pattern.compile("^" + Pattern.quote(key) + " = .*$", Pattern.MULTILINE)
                .matcher(text)
                .replaceFirst(key + " = " + Matcher.quoteReplacement(value)));
    }

    /** The finished study: the last table of a template is [model], and the atlas is its last key. */
    public StudyFile fill(int rounds, Path atlas, Launcher launcher) {
        String coordinates = launcher.run("cohort", "study-coordinates", "--atlas", atlas.toString())
                .orThrow()
                .output();
        return StudyFile.parse(text.replace("${rounds}", Integer.toString(rounds))
                .replace("${parcels}", Long.toString(rowsOf(atlas)))
                .concat(coordinates));
    }

    private static long rowsOf(Path atlas) {
        try (Stream<String> lines = Files.lines(atlas)) {
            return lines.filter(line -> !line.isBlank()).count() - 1; // without the header
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + atlas, e);
        }
    }
}
