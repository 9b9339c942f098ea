package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.durable.AtomicFile;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.site.cohort.Admission;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.CohortSplit;
import org.commissure.site.cohort.SealedSplit;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.storage.SealStore;
import org.commissure.site.storage.SiteDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a site will put into the log before it trains. */
@Command(
        name = "seal",
        description = {
            "Divide this site's cohort as a study asks, and state the two hashes that seal it.",
            "The site writes the same hashes into the federation's log before it trains; they commit to who is held out"
                    + " and to every value, and tell nobody anything. Families are never divided, and a patient who was"
                    + " external in one run is external in all."
        },
        footer = {
            "",
            "Example:",
            "  commissure site cohort seal --home /srv/commissure --study study.toml --out seal.json",
            "Compare them with the sealed entries that 'commissure audit' shows."
        },
        mixinStandardHelpOptions = true)
final class CohortSealCommand implements Callable<Integer> {
    @Mixin
    private FactsOption output = new FactsOption();

    @Option(names = "--home", required = true, paramLabel = "DIR", description = "The site's folder.")
    private Path home = Path.of("");

    @Option(names = "--study", required = true, paramLabel = "FILE", description = "The study's TOML file.")
    private Path studyFile = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Also write the hashes there, as JSON; the numbers of patients are not in it.")
    private Path out = Path.of("");

    @Override
    public Integer call() {
        Study study = StudyInput.read(studyFile).study();
        SiteHome site = new SiteHome(home);
        Path data = Path.of(site.readSettings().data());
        Admission admission = CohortFolder.read(data, CohortRules.of(study));
        byte[] salt = new SealStore(SiteDatabase.open(site.database())).salt(new SecureRandom());
        SealedSplit sealed = CohortSplit.seal(admission, study.externalFraction(), salt);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("study", study.study().name());
        facts.put("externalFraction", study.externalFraction());
        facts.put("internalSha256", HexFormat.of().formatHex(sealed.internalSha256()));
        facts.put("externalSha256", HexFormat.of().formatHex(sealed.externalSha256()));
        if (!out.toString().isEmpty()) {
            try {
                AtomicFile.write(out, Output.text(facts) + "\n");
            } catch (IOException e) {
                throw new UserError("cannot write " + out, "check the path, its permissions and free space", e);
            }
        }
        output.print(facts, lines -> {
            lines.println("internal  " + facts.get("internalSha256") + "  "
                    + sealed.internal().size() + " patients");
            lines.println("external  " + facts.get("externalSha256") + "  "
                    + sealed.external().size() + " patients");
        });
        return 0;
    }
}
