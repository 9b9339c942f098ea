package org.commissure.site.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.commissure.protocol.UserError;
import org.commissure.site.consent.ConsentDesk;
import org.commissure.site.storage.ConsentStore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code site consent …}: patients who withdraw. */
@Command(
        name = "consent",
        mixinStandardHelpOptions = true,
        description = {
            "Note that a patient withdraws consent, or consents again.",
            "Ids never leave the site and stand in no log: register and ledger hold a hash under the site's secret salt."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  commissure site consent withdraw sub-0042 --home /srv/commissure"})
final class ConsentCommand {
    @Spec
    private @Nullable CommandSpec spec;

    @Command(
            name = "withdraw",
            mixinStandardHelpOptions = true,
            description = {
                "Take a patient out of training and evaluation, from the next sum on, also in a run under way.",
                "What was spent on the patient stays spent, and models that were released stay as they are."
            },
            footer = {"", "Example:", "  commissure site consent withdraw sub-0042 --home /srv/commissure"})
    int withdraw(
            @Mixin SiteHomeOption home,
            @Parameters(paramLabel = "PATIENT", description = "participant id; - reads it from standard input")
                    String patient,
            @Option(names = "--absent", description = "also where participants.tsv does not name the patient")
                    boolean absent) {
        ConsentDesk desk = ConsentDesk.open(home.home(), Clock.systemUTC());
        desk.withdraw(id(patient), absent);
        desk.settle();
        return told("withdrawn; the patient takes part in no sum from the next one on");
    }

    @Command(
            name = "renew",
            mixinStandardHelpOptions = true,
            description = "Note that a patient who withdrew has consented again. Both stay in the ledger.",
            footer = {"", "Example:", "  commissure site consent renew sub-0042 --home /srv/commissure"})
    int renew(
            @Mixin SiteHomeOption home,
            @Parameters(paramLabel = "PATIENT", description = "participant id; - reads it from standard input")
                    String patient) {
        ConsentDesk desk = ConsentDesk.open(home.home(), Clock.systemUTC());
        desk.renew(id(patient));
        desk.settle();
        return told("noted; the patient may take part from the next sum on");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List withdrawals and renewals by salted hash, and how many patients are out now.",
            footer = {"", "Example:", "  commissure site consent list --home /srv/commissure --json"})
    int list(
            @Mixin SiteHomeOption home,
            @Option(names = "--json", description = "print the facts as JSON") boolean json) {
        ConsentDesk desk = ConsentDesk.open(home.home(), Clock.systemUTC());
        List<Map<String, Object>> rows =
                desk.changes().stream().map(ConsentStore.Change::facts).toList();
        PrintWriter out = Output.of(spec);
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("withdrawn", desk.withdrawn());
            facts.put("changes", rows);
            Output.json(out, facts);
            return 0;
        }
        rows.forEach(row -> out.println(row.get("when") + "  " + row.get("change") + "  " + row.get("patient")));
        return told(desk.withdrawn() + " patients have withdrawn");
    }

    private static String id(String patient) {
        if (!patient.equals("-")) {
            return patient;
        }
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line.strip();
        } catch (IOException e) {
            throw new UserError("standard input cannot be read", "give the id as an argument", e);
        }
    }

    private int told(String line) {
        PrintWriter out = Output.of(spec);
        out.println(line);
        out.flush();
        return 0;
    }
}
