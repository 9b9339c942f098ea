package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.commissure.site.cohort.ParcelAtlas;
import org.commissure.site.cohort.SyntheticCohort;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code commissure cohort …}: looks at a hospital's patients before anything trains on them. */
@Command(
        name = "cohort",
        description = "Check, import and seal a hospital's fMRI series, or make up a cohort to try things out.",
        mixinStandardHelpOptions = true,
        subcommands = {CohortCheckCommand.class, CohortImportCommand.class, CohortSealCommand.class},
        footer = {"", "Try:", "  commissure cohort check /data/site-NYU"})
public final class CohortCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
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
                        ? Output.text(facts)
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
}
