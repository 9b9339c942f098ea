package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LogVerification;
import org.commissure.privacy.audit.LogVerifier;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.privacy.dp.EpsilonRecomputation;
import org.commissure.privacy.dp.Guarantee;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code audit recompute-epsilon}: what the log says that patients' privacy was spent on, added up again. */
@Command(
        name = "recompute-epsilon",
        mixinStandardHelpOptions = true,
        description = {
            "Compute each site's spent epsilon again, from a copy of the log alone, and compare it with what the site",
            "stated, and with a ledger where one is given. Verifies the log first. Needs no network."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0: everything agrees",
            "1: something differs, or the log does not verify",
            "2: wrong usage",
            "3: no log or no ledger there"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure audit recompute-epsilon run/coordinator/log",
            "  commissure audit recompute-epsilon log --site NYU --ledger /srv/commissure/ledger.jsonl",
            "",
            "A ledger counts every study on a site's patients, also those of other federations, which are in",
            "other logs: then the difference names their charges."
        })
final class RecomputeEpsilonCommand implements Callable<Integer> {
    private static final double USUAL_DELTA = 1e-5;

    @Parameters(paramLabel = "DIR", description = "the log's folder: it holds 'checkpoint' and 'tile'")
    private Path folder = Path.of("");

    @Option(names = "--site", paramLabel = "NAME", description = "this site alone (default: every site that charged)")
    private @Nullable String site;

    @Option(names = "--ledger", paramLabel = "FILE", description = "ledger.jsonl of --site, to compare with")
    private @Nullable Path ledger;

    @Option(
            names = "--delta",
            paramLabel = "DELTA",
            description = "delta of the totals, in (0, 1) (default: that of each site's last charge)")
    private @Nullable Double delta;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (ledger != null && site == null) {
            throw new UserError("--ledger is one site's", "name the site with --site");
        }
        if (ledger != null && !Files.isRegularFile(ledger)) {
            throw new UserError("there is no ledger " + ledger, "name ledger.jsonl in the site's folder");
        }
        if (delta != null && !(delta > 0 && delta < 1)) {
            throw new UserError("--delta is " + delta, "--delta must be strictly between 0 and 1");
        }
        LogVerification verified = LogVerifier.verify(folder);
        List<Row> rows = new ArrayList<>();
        if (verified.ok()) {
            List<LoggedEntry> entries = LogReader.read(folder);
            sites(entries).forEach(name -> rows.add(row(name, EpsilonRecomputation.of(entries, name))));
        }
        boolean agrees = verified.ok() && rows.stream().allMatch(row -> row.differences.isEmpty());
        PrintWriter out = Output.of(spec);
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("ok", agrees);
            facts.put("log_verified", verified.ok());
            facts.put("sites", rows.stream().map(Row::facts).toList());
            Output.json(out, facts);
        } else {
            print(verified, rows, out);
        }
        return agrees ? 0 : 1;
    }

    /** One site: what follows from the log, what it stated there, and what its ledger gives. */
    private record Row(
            String site,
            int charges,
            Guarantee log,
            String stated,
            Optional<Guarantee> ledger,
            List<String> differences) {
        Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("site", site);
            facts.put("charges", charges);
            facts.put("epsilon", log.epsilon());
            facts.put("delta", log.delta());
            facts.put("epsilon_stated", stated);
            ledger.ifPresent(held -> facts.put("epsilon_ledger", held.epsilon()));
            facts.put("differences", differences);
            return facts;
        }

        void print(PrintWriter out) {
            out.println(site + ": " + LedgerCommand.counted(charges) + "; epsilon at most "
                    + EpsilonCommand.rounded(log.epsilon())
                    + " at delta " + log.delta() + (stated.isEmpty() ? "" : "; the site stated " + stated)
                    + ledger.map(held -> "; its ledger gives " + EpsilonCommand.rounded(held.epsilon()))
                            .orElse(""));
            differences.forEach(difference -> out.println("  DIFFERS: " + difference));
        }
    }

    private List<String> sites(List<LoggedEntry> entries) {
        if (site != null) {
            return List.of(site);
        }
        TreeSet<String> charged = new TreeSet<>();
        entries.stream()
                .filter(logged -> logged.entry().getAction().equals(Actions.PRIVACY_CHARGED))
                .forEach(logged -> charged.add(logged.actorName()));
        return List.copyOf(charged);
    }

    private Row row(String name, EpsilonRecomputation log) {
        double ofLast =
                log.charges().isEmpty() ? USUAL_DELTA : log.charges().getLast().delta();
        double at = delta == null ? ofLast : delta;
        List<String> differences = new ArrayList<>(log.differences());
        Optional<LedgerContents> held = Optional.ofNullable(ledger).map(LedgerContents::read);
        held.ifPresent(contents -> differences.addAll(log.differencesFrom(contents)));
        return new Row(
                name,
                log.charges().size(),
                log.spent(at),
                log.stated().orElse(""),
                held.map(contents -> contents.spent(at)),
                differences);
    }

    private static void print(LogVerification verified, List<Row> rows, PrintWriter out) {
        if (!verified.ok()) {
            out.println("the log does not verify, so nothing is computed from it: see 'audit verify'");
        } else if (rows.isEmpty()) {
            out.println("no site charged anything");
        }
        rows.forEach(row -> row.print(out));
        out.flush();
    }
}
