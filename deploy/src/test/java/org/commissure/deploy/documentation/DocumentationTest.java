package org.commissure.deploy.documentation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commissure.deploy.benchmark.RoundCommand;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.simulation.SimulateCommand;
import org.commissure.deploy.soak.SoakCommand;
import org.commissure.deploy.startup.StartupCache;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Commands, links and tests that README.md and docs/ name exist. */
final class DocumentationTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
    private static final Pattern SECTION = Pattern.compile("]\\(([^)#:]*)#([^)]+)\\)");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");
    private static final Pattern WORD = Pattern.compile("[a-z][a-z-]*");

    private static final CommandLine LAUNCHER = launcherCommands();

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
        assertThat(options).as("options of " + command).allMatch(help(command)::contains);
    }

    /** What {@code --help} prints, without a process for each of the many commands. */
    private static String help(String command) {
        CommandLine line = LAUNCHER;
        for (String word : words(command)) {
            if (line.getSubcommands().isEmpty()) {
                break; // a file or a name
            }
            CommandLine next = line.getSubcommands().get(word);
            assertThat(next).as("'" + word + "' of " + command).isNotNull();
            line = requireNonNull(next);
        }
        return line.getUsageMessage();
    }

    /** None where the options are the launcher's own. */
    private static List<String> words(String command) {
        return command.isEmpty() ? List.of() : List.of(command.split(" "));
    }

    /** All that the launcher knows, by its words. */
    private static CommandLine launcherCommands() {
        CommandLine all = commandLine("org.commissure.site.cli.Main");
        all.addSubcommand("coordinator", commandLine("org.commissure.coordinator.cli.Main"));
        all.addSubcommand("soak", commandLine(SoakCommand.class.getName()));
        all.addSubcommand("simulate", commandLine(SimulateCommand.class.getName()));
        all.addSubcommand("startup-cache", commandLine(StartupCache.class.getName()));
        requireNonNull(all.getSubcommands().get("bench"))
                .addSubcommand("round", commandLine(RoundCommand.class.getName()));
        return all;
    }

    private static CommandLine commandLine(String main) {
        try {
            Constructor<?> constructor = Class.forName(main).getDeclaredConstructor();
            constructor.setAccessible(true);
            return new CommandLine(constructor.newInstance());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("no command class " + main, e);
        }
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
    void everyLinkToAHeadingLeadsToOne() throws IOException {
        for (Path page : pages()) {
            Matcher links = SECTION.matcher(Files.readString(page));
            while (links.find()) {
                Path target = links.group(1).isEmpty() ? page : page.resolveSibling(links.group(1));
                assertThat(anchors(target))
                        .as("headings of %s, to which %s links", target, page)
                        .contains(links.group(2));
            }
        }
    }

    /** As GitHub names headings: lower case, hyphens for spaces, no punctuation. */
    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.matches("#{1,6} .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @Test
    void everyTestThatTheStoriesNameExists() throws IOException {
        Path page = launcher.root().resolve("docs/user-stories.md");
        Map<String, String> sources = testSources();
        Matcher named = TEST.matcher(Files.readString(page));
        int found = 0;
        while (named.find()) {
            assertThat(sources).containsKey(named.group(1));
            assertThat(sources.get(named.group(1))).as(named.group()).contains("void " + named.group(2) + "(");
            found++;
        }
        assertThat(found).isGreaterThanOrEqualTo(12);
    }

    /** The text of each test class of every module, by its simple name. */
    private Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (String module : List.of("protocol", "privacy", "models", "site-agent", "coordinator", "deploy")) {
            try (Stream<Path> files = Files.walk(launcher.root().resolve(module).resolve("src/test/java"))) {
                for (Path file : files.filter(one -> one.toString().endsWith("Test.java"))
                        .toList()) {
                    sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                }
            }
        }
        return sources;
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
