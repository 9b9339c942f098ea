package org.commissure.site.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.ParcelAtlas;
import org.commissure.site.cohort.SyntheticCohort;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code commissure cohort …}: looks at a hospital's patients before anything trains on them. */
@Command(
        name = "cohort",
        description = "Check a hospital's fMRI series before training, or make up a cohort to try things out.",
        mixinStandardHelpOptions = true,
        footer = {"", "Try:", "  commissure cohort check /data/site-NYU"})
public final class CohortCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    static final class AdmissionOptions {
        @Option(
                names = "--parcels",
                defaultValue = "200",
                paramLabel = "N",
                description = "Parcels every series must have (default: ${DEFAULT-VALUE}).")
        int parcels;

        @Option(
                names = "--minimum-frames",
                defaultValue = "80",
                paramLabel = "N",
                description = "Shortest series that is admitted, in frames (default: ${DEFAULT-VALUE}).")
        int minimumFrames;

        @Option(
                names = "--atlas",
                paramLabel = "LABEL",
                description = "Which atlas-LABEL to prefer where a folder holds several (default: ${DEFAULT-VALUE}).")
        String atlas = CohortRules.DEFAULT_ATLAS;

        @Option(
                names = "--description",
                paramLabel = "LABEL",
                description = "Which desc-LABEL to prefer where a folder holds several (default: ${DEFAULT-VALUE}).")
        String description = CohortRules.DEFAULT_DESCRIPTION;
    }

    /** Prints who takes part and who does not. Exit code 1 if nobody does. */
    @Command(
            name = "check",
            description = {
                "Say of every participant of a folder whether it takes part, and if not, why and what to do.",
                "DIR holds participants.tsv and sub-*/func/*_timeseries.npy ([parcels, time]),",
                "or is a folder of such folders named site-*."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:at least one participant is admitted",
                "1:nobody is admitted",
                "3:the folder cannot be read"
            },
            footer = {
                "",
                "Examples:",
                "  commissure cohort check /data/site-NYU",
                "  commissure cohort check /data --minimum-frames 160 --json"
            },
            mixinStandardHelpOptions = true)
    int check(
            @Parameters(paramLabel = "DIR", description = "The cohort's folder.") Path folder,
            @Mixin AdmissionOptions options,
            @Option(names = "--json", description = "Print the facts as JSON.") boolean json) {
        if (options.parcels < 1 || options.minimumFrames < 1) {
            throw new ParameterException(
                    spec.subcommands().get("check"), "--parcels and --minimum-frames must be at least 1");
        }
        CohortRules rules = new CohortRules(options.parcels, options.minimumFrames, options.atlas, options.description);
        CohortCheck check = CohortCheck.of(folder, rules);
        print(json ? toJson(check.toJson()) : check.toText());
        return check.admitted() > 0 ? 0 : 1;
    }

    /** Writes a synthetic cohort. */
    @Command(
            name = "generate",
            description = {
                "Write made-up hospitals to a new folder: network-correlated autoregressive series with site effects.",
                "Also writes atlas.tsv. The same values give the same bytes. It says nothing about any brain."
            },
            footer = {"", "Example:", "  commissure cohort generate --out demo --sites A,B,C,D --patients 60"},
            mixinStandardHelpOptions = true)
    int generate(
            @Option(names = "--out", required = true, paramLabel = "DIR", description = "New or empty folder.")
                    Path out,
            @Option(
                            names = "--sites",
                            split = ",",
                            defaultValue = "NYU,UM1,PITT,YALE",
                            paramLabel = "NAME",
                            description = "Names of the hospitals (default: ${DEFAULT-VALUE}).")
                    List<String> sites,
            @Option(
                            names = "--patients",
                            defaultValue = "60",
                            paramLabel = "N",
                            description = "Patients per hospital (default: ${DEFAULT-VALUE}).")
                    int patients,
            @Option(
                            names = "--parcels",
                            defaultValue = "200",
                            paramLabel = "N",
                            description = "Parcels (default: ${DEFAULT-VALUE}).")
                    int parcels,
            @Option(
                            names = "--frames",
                            defaultValue = "176",
                            paramLabel = "N",
                            description = "Frames of every series (default: ${DEFAULT-VALUE}).")
                    int frames,
            @Option(
                            names = "--seed",
                            defaultValue = "1",
                            paramLabel = "N",
                            description = "Another seed makes other patients (default: ${DEFAULT-VALUE}).")
                    long seed,
            @Option(names = "--json", description = "Print the facts as JSON.") boolean json) {
        new SyntheticCohort(sites, patients, parcels, frames, seed).write(out);
        Path atlas = out.resolve("atlas.tsv");
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", out.toString());
        facts.put("sites", sites);
        facts.put("patients", patients);
        facts.put("parcels", parcels);
        facts.put("frames", frames);
        facts.put("seed", seed);
        facts.put("atlas", atlas.toString());
        print(
                json
                        ? toJson(facts)
                        : "Made up " + sites.size() + " hospitals with " + patients + " patients each (" + parcels
                                + " parcels, " + frames + " frames) in " + out + "; parcel coordinates in " + atlas);
        return 0;
    }

    /** Prints the line of a study file that holds the atlas. */
    @Command(
            name = "study-coordinates",
            description = "Print the line 'coordinates_millimetres = …' of a study's [model] table for an atlas.",
            footer = {"", "Example:", "  commissure cohort study-coordinates --atlas atlases/CC200.tsv >> study.toml"},
            mixinStandardHelpOptions = true)
    int studyCoordinates(
            @Option(
                            names = "--atlas",
                            required = true,
                            paramLabel = "FILE",
                            description = "Tab-separated table with the columns index, x, y, z (millimetres).")
                    Path atlas) {
        print(ParcelAtlas.read(atlas).toToml());
        return 0;
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }

    private static String toJson(Map<String, Object> facts) {
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(facts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain maps have a JSON form", e);
        }
    }
}
