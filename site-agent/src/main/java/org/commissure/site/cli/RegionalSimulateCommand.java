package org.commissure.site.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Simulator;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.models.meanfield.picture.ConnectivityPicture;
import org.commissure.models.meanfield.simulation.VectorSimulator;
import org.commissure.models.meanfield.statistics.Prediction;
import org.commissure.models.meanfield.statistics.SimulatedStatistics;
import org.commissure.models.meanfield.statistics.Target;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** BOLD of one candidate, or the engines against golden numbers. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Simulate one candidate and write its BOLD signal, a row for each frame and a column for each region, or"
                    + " draw its functional connectivity, or both.",
            "With --golden, rerun a folder of golden cases instead: its manifest.json names cases of given, zero or"
                    + " counter-based noise, and every output is computed by the engine in double precision and the one in"
                    + " single precision, and its largest absolute difference is printed beside the tolerance. Files that"
                    + " are absent are said."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:simulated, or every comparison passes",
            "1:a comparison fails, or the candidate diverged",
            "2:usage",
            "3:a file cannot be used"
        },
        footer = {
            "",
            "Examples:",
            "  commissure site regional simulate --params top10.csv --sc sc.csv --candidate 1 --seed 1 --out bold.npy",
            "  commissure site regional simulate --params top10.csv --sc sc.csv --fc fc.csv --picture fc.svg",
            "  commissure site regional simulate --golden reference/meanfield --json"
        })
final class RegionalSimulateCommand implements Callable<Integer> {
    private static final int ANSWER_IS_NO = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private RegionalModelOptions model = new RegionalModelOptions();

    @Option(names = "--golden", paramLabel = "DIR", description = "folder with manifest.json and the cases it names")
    private @Nullable Path golden;

    @Option(names = "--params", paramLabel = "FILE", description = "file of candidates")
    private @Nullable Path parameters;

    @Option(names = "--out", paramLabel = "FILE", description = "BOLD in percent, frames × regions: .npy, .csv or .tsv")
    private @Nullable Path out;

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            description = "draw the simulated functional connectivity, as .svg or .png")
    private @Nullable Path picture;

    @Option(
            names = "--fc",
            paramLabel = "FILE",
            description =
                    "measured functional connectivity, regions × regions: the picture shows it under the diagonal,"
                            + " and its correlation with the simulated one is told")
    private @Nullable Path connectivity;

    @Option(
            names = "--candidate",
            paramLabel = "K",
            description = "which column of the file, from 1 (default: ${DEFAULT-VALUE})")
    private int index = 1;

    @Mixin
    private RegionalNoiseOption noise = new RegionalNoiseOption();

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        if (golden != null) {
            return RegionalGoldenOutput.replay(golden, output) ? 0 : ANSWER_IS_NO;
        }
        if (parameters == null || out == null && picture == null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "picocli injects the specification")
                            .commandLine(),
                    "--params, --sc and one of --out and --picture are needed to simulate, or --golden alone");
        }
        return simulate(parameters);
    }

    private int simulate(Path parameters) {
        Connectome connectome = model.connectome();
        List<RegionalParameters> candidates = model.candidates(parameters, connectome);
        if (index < 1 || index > candidates.size()) {
            throw new UserError(
                    "--candidate is " + index + ", but " + parameters + " has " + candidates.size(),
                    "name one of its columns, from 1");
        }
        Optional<Target> measured = connectivity == null
                ? Optional.empty()
                : Optional.of(RegionalModelOptions.target(connectivity, Optional.empty(), connectome));
        Timing timing = model.timing();
        Bold bold = simulated(connectome, candidates.get(index - 1), timing);
        boolean diverged = !bold.isFinite();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("diverged", diverged);
        facts.put("out", diverged || out == null ? null : out.toString());
        facts.put("picture", diverged || picture == null ? null : picture.toString());
        facts.put("regions", bold.regions());
        facts.put("seed", noise.seed());
        model.describe(facts, timing);
        if (diverged) {
            output.print(
                    facts,
                    print -> print.println(
                            "diverged: w, G or sigma are too large for the step of the scheme; nothing is written"));
            return ANSWER_IS_NO;
        }
        SimulatedStatistics statistics = SimulatedStatistics.of(bold, kept -> new long[0]);
        measured.ifPresent(target -> facts.put("fcCorrelation", correlation(statistics, target)));
        write(bold, statistics, measured);
        output.print(facts, print -> {
            print.println("simulated " + bold.frames() + " frames × " + bold.regions() + " regions");
            if (out != null) {
                print.println("wrote " + out);
            }
            if (picture != null) {
                print.println("drew " + picture);
            }
            measured.ifPresent(target -> print.printf(
                    Locale.ROOT,
                    "correlation with the measured connectivity: %.4f%n",
                    correlation(statistics, target)));
        });
        return 0;
    }

    private static @Nullable Double correlation(SimulatedStatistics statistics, Target target) {
        return Prediction.of(List.of(statistics))
                .map(prediction -> prediction.against(target).fcCorrelation())
                .orElse(null);
    }

    private Bold simulated(Connectome connectome, RegionalParameters candidate, Timing timing) {
        try (Simulator simulator = new VectorSimulator()) {
            return simulator
                    .simulate(
                            connectome,
                            List.of(candidate),
                            model.haemodynamics(),
                            timing,
                            PhiloxNoise.of(noise.seed(), 0))
                    .getFirst()
                    .after(timing.discardedFrames());
        }
    }

    private void write(Bold bold, SimulatedStatistics statistics, Optional<Target> measured) {
        try {
            if (out != null) {
                MatrixFile.write(out, rows(bold));
            }
            if (picture != null) {
                AtomicFile.write(picture, picture(picture, statistics.correlation(), bold.regions(), measured));
            }
        } catch (IOException e) {
            throw new UserError(
                    "cannot write: " + e.getMessage(),
                    "name a .npy, .csv or .tsv file after --out and a .svg or .png file after --picture, in a folder"
                            + " that can be written to",
                    e);
        }
    }

    private static double[][] rows(Bold bold) {
        double[][] rows = new double[bold.frames()][bold.regions()];
        for (int frame = 0; frame < rows.length; frame++) {
            System.arraycopy(bold.values(), frame * bold.regions(), rows[frame], 0, bold.regions());
        }
        return rows;
    }

    private static byte[] picture(Path file, double[] simulated, int regions, Optional<Target> measured)
            throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        double[] below = measured.map(Target::correlation).orElse(simulated);
        if (name.endsWith(".png")) {
            return ConnectivityPicture.png(regions, below, simulated);
        }
        if (!name.endsWith(".svg")) {
            throw new IOException(file + " is neither .svg nor .png");
        }
        String title = "Functional connectivity";
        return (measured.isPresent()
                        ? ConnectivityPicture.svg(title, regions, below, simulated)
                        : ConnectivityPicture.svg(title, regions, simulated))
                .getBytes(StandardCharsets.UTF_8);
    }
}
