package org.commissure.site.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commissure.privacy.audit.Witness;

/** What this site saw of the federation's log, and how to verify all of it. */
final class LogPage implements Page {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> COLUMNS = List.of("When", "Why", "Evidence");

    private final ConsoleHome home;

    LogPage(ConsoleHome home) {
        this.home = home;
    }

    @Override
    public View view(Ask ask) {
        Optional<Witness> witness = Files.isDirectory(home.home().witness())
                ? Optional.of(home.home().openWitness())
                : Optional.empty();
        List<Path> refused = Witness.refusals(home.home().witness());
        Paging paging = Paging.of(ask, refused.size());
        List<List<String>> rows = paging.of(refused).stream().map(LogPage::row).toList();
        int unlogged = home.unlogged();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("entries_witnessed", witness.map(Witness::size).orElse(0L));
        facts.put("witness_key", witness.map(Witness::verifierKey).orElse(""));
        facts.put("checkpoint", witness.flatMap(Witness::seen).orElse(""));
        facts.put("refused", refused.stream().map(Path::toString).toList());
        facts.put("entries_not_confirmed", unlogged);
        return new View("Log", facts, out -> {
            out.element(
                    "p",
                    "Everything that happens in the federation stands in one append-only log. This site cosigns it only as long"
                            + " as it extends what the site has seen before.");
            out.open("p");
            out.element(
                            "span",
                            refused.isEmpty() ? "Nothing was refused" : refused.size() + " checkpoints were refused",
                            "class",
                            "state " + (refused.isEmpty() ? "good" : "bad"))
                    .close();
            out.open("dl")
                    .fact(
                            "Entries watched",
                            Long.toString(witness.map(Witness::size).orElse(0L)));
            out.fact("Own entries not confirmed yet", Integer.toString(unlogged));
            out.fact(
                            "This site's witness key",
                            witness.map(Witness::verifierKey).orElse("made when the agent connects"))
                    .close();
            if (!rows.isEmpty()) {
                out.table("Refused checkpoints: two logs that do not fit, both signed", COLUMNS, rows, "");
            }
            paging.links(out, ask.link("log"));
            witness.flatMap(Witness::seen).ifPresent(note -> {
                out.element("h2", "Last checkpoint seen")
                        .open("pre", "tabindex", "0")
                        .text(note)
                        .close();
            });
            out.element("h2", "Verify the whole log");
            out.element("p", "The coordinator's operator tells the log's address; the site's certificate opens it:");
            String site = home.home().directory().toAbsolutePath().normalize().toString();
            out.command("commissure audit verify https://HOST:PORT --home " + site);
            out.element("p", "With a copy of it, compare what this site saw:");
            out.command("commissure audit copy https://HOST:PORT log --home " + site
                    + "\ncommissure audit witness log --home " + site);
        });
    }

    private static List<String> row(Path file) {
        try {
            JsonNode evidence = JSON.readTree(Files.readAllBytes(file));
            return List.of(
                    evidence.path("time").asText(), evidence.path("reason").asText(), file.toString());
        } catch (IOException e) {
            return List.of("", "the evidence cannot be read", file.toString());
        }
    }
}
