package org.commissure.deploy.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commissure.deploy.federation.Finished;
import org.commissure.deploy.federation.Launcher;
import org.junit.jupiter.api.Test;

/** Commands and links in README.md and docs/ exist. */
final class DocumentationTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
    private static final Pattern WORD = Pattern.compile("[a-z][a-z-]*");

    private final Launcher launcher = Launcher.find();

    @Test
    void everyCommandAndOptionInThePagesExists() throws IOException {
        Map<String, SortedSet<String>> optionsByCommand = new TreeMap<>();
        for (Path page : pages()) {
            for (String line : Files.readAllLines(page)) {
                if (line.startsWith("commissure ")) {
                    List<String> tokens =
                            List.of(line.replaceFirst("\\s#.*", "").split("\\s+"));
                    optionsByCommand
                            .computeIfAbsent(command(tokens), key -> new TreeSet<>())
                            .addAll(tokens.stream()
                                    .filter(token -> token.startsWith("--"))
                                    .toList());
                }
            }
        }
        assertThat(optionsByCommand.keySet()).contains("site enrol", "coordinator init");
        optionsByCommand.forEach(this::assertExists);
    }

    private void assertExists(String command, SortedSet<String> options) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.add("--help");
        Finished help = launcher.run(arguments);
        assertThat(help.exit()).as(command + ": " + help.errors()).isZero();
        assertThat(options).as("options of " + command).allMatch(help.output()::contains);
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        for (Path page : pages()) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                assertThat(page.resolveSibling(links.group(1))).exists();
            }
        }
    }

    @Test
    void theReadmesTwoCommandsAreThereAndExplainThemselves() throws IOException {
        String readme = Files.readString(launcher.root().resolve("README.md"));
        for (String script : List.of("deploy/quickstart.sh", "deploy/test.sh")) {
            assertThat(readme).contains("\n" + script);
            assertThat(launcher.root().resolve(script)).isExecutable();
        }
    }

    private List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(launcher.root().resolve("docs"))) {
            return Stream.concat(Stream.of(launcher.root().resolve("README.md")), docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** The words before the first option or argument, without the program's own name. */
    private static String command(List<String> tokens) {
        return String.join(
                " ",
                tokens.stream()
                        .skip(1)
                        .takeWhile(token -> WORD.matcher(token).matches())
                        .toList());
    }
}
