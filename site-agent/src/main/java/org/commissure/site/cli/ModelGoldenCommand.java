package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.engine.Device;
import org.commissure.models.engine.Engines;
import org.commissure.models.golden.Comparison;
import org.commissure.models.golden.GoldenReplay;
import org.commissure.models.golden.GoldenReport;
import org.commissure.models.golden.ModelOpener;
import org.commissure.models.golden.Tolerances;
import org.commissure.models.torch.EngineUnavailableException;
import org.commissure.models.torch.Precision;
import org.commissure.models.torch.TorchModel;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** This machine's engine against numbers of the original code. */
@Command(
        name = "golden",
        mixinStandardHelpOptions = true,
        description = {
            "Replay a golden folder: masks, loss, predictions, gradients and parameters after three optimiser steps are"
                    + " computed on this machine and compared with the original's, tensor by tensor.",
            "A difference passes if it is at most atol + rtol times the reference. Judged are: the largest absolute"
                    + " difference of predictions (reference: the largest value), the L2 norm of a gradient's difference"
                    + " (reference: its norm), a loss's difference (reference: the loss), and of trained parameters the"
                    + " absolute difference within which 95 in 100 of a tensor's values stay: Adam turns rounding into whole"
                    + " steps where a gradient is almost 0. How many values lie beyond is printed too.",
            "Without --atol and --rtol: predictions 2e-4 and parameters 1e-5 absolute, loss 1e-5 and gradients 1e-3"
                    + " relative. With one of them, the other is 0."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every comparison passes",
            "1:at least one fails",
            "2:usage",
            "3:the folder cannot be replayed"
        },
        footer = {"", "Example:", "  commissure site model golden reference/brainlm/tiny --threads 2"})
final class ModelGoldenCommand implements Callable<Integer> {
    private static final int FAILED_COMPARISON = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            description = "folder with manifest.json, inputs/, weights.safetensors, outputs/, grads/, adam3/, …")
    @SuppressWarnings("NullAway.Init") // required
    private Path folder;

    @Option(
            names = "--device",
            defaultValue = "cpu",
            description = "cpu, cuda, or auto: cuda where it works (default: ${DEFAULT-VALUE})")
    private String device = "cpu";

    @Option(names = "--threads", paramLabel = "N", description = "threads of the CPU engine (default: one per core)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--atol", paramLabel = "X", description = "absolute tolerance")
    private @Nullable Double atol;

    @Option(names = "--rtol", paramLabel = "X", description = "relative tolerance")
    private @Nullable Double rtol;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        if (threads < 1) {
            throw new UserError("--threads is " + threads, "give at least one");
        }
        Device chosen = chosen();
        GoldenReport report = replay(configuration -> open(configuration, chosen));
        if (json) {
            Output.json(Output.of(spec), facts(report));
        } else {
            print(report);
        }
        return report.pass() ? 0 : FAILED_COMPARISON;
    }

    private GoldenReport replay(ModelOpener opener) {
        try {
            return GoldenReplay.run(
                    folder, opener, new Tolerances(tolerance("--atol", atol), tolerance("--rtol", rtol)));
        } catch (EngineUnavailableException e) {
            throw new UserError(String.valueOf(e.getMessage()), "use --device cpu", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(
                    "the golden folder " + folder + " cannot be replayed: " + e.getMessage(),
                    "point at a folder in the layout of the reference, with manifest.json",
                    e);
        } catch (ArithmeticException e) {
            throw new UserError("the engine broke off: " + e.getMessage(), "check the folder's inputs and weights", e);
        }
    }

    /** In float32 also on a GPU, where training would multiply in bfloat16: golden numbers are float32. */
    private TrainableModel open(ModelConfiguration configuration, Device chosen) {
        return switch (chosen) {
            case CPU -> Engines.open(configuration, Device.CPU, threads);
            case CUDA -> TorchModel.onGpu(configuration, Precision.FLOAT32);
            case AUTO -> onGpuIfThere(configuration);
        };
    }

    private TrainableModel onGpuIfThere(ModelConfiguration configuration) {
        try {
            return TorchModel.onGpu(configuration, Precision.FLOAT32);
        } catch (EngineUnavailableException e) {
            return Engines.open(configuration, Device.CPU, threads); // the report names the device
        }
    }

    private Device chosen() {
        for (Device each : Device.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(device)) {
                return each;
            }
        }
        throw new UserError("--device '" + device + "' is not known", "choose cpu, cuda or auto");
    }

    private static OptionalDouble tolerance(String option, @Nullable Double value) {
        if (value == null) {
            return OptionalDouble.empty();
        }
        if (!(value >= 0)) {
            throw new UserError(option + " is " + value, option + " must be a number of at least 0");
        }
        return OptionalDouble.of(value);
    }

    private Map<String, Object> facts(GoldenReport report) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("folder", folder.toString());
        facts.put("pass", report.pass());
        facts.put("device", report.device());
        facts.put("preset", report.preset());
        facts.put("parameters", report.parameterCount());
        facts.put("compared", report.comparisons().size());
        facts.put("failed", report.comparisons().stream().filter(c -> !c.pass()).count());
        report.comparisons().stream()
                .filter(c -> c.name().equals("loss"))
                .forEach(loss -> facts.put("loss_relative_difference", loss.largestRelativeDifference()));
        facts.put("notes", report.notes());
        List<Map<String, Object>> comparisons = new ArrayList<>();
        report.comparisons().forEach(comparison -> comparisons.add(facts(comparison)));
        facts.put("comparisons", comparisons);
        return facts;
    }

    private static Map<String, Object> facts(Comparison comparison) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", comparison.name());
        facts.put("kind", comparison.kind().name().toLowerCase(Locale.ROOT));
        facts.put("values", comparison.values());
        facts.put("largest_absolute_difference", comparison.largestAbsoluteDifference());
        facts.put("largest_relative_difference", comparison.largestRelativeDifference());
        facts.put("relative_to_norm", comparison.relativeToNorm());
        facts.put("beyond", comparison.beyond());
        facts.put("difference", comparison.difference());
        facts.put("tolerance", comparison.tolerance());
        facts.put("pass", comparison.pass());
        return facts;
    }

    private void print(GoldenReport report) {
        PrintWriter print = Output.of(spec);
        print.println(folder + " on " + report.device() + ": " + report.preset() + ", " + report.parameterCount()
                + " parameters");
        print.printf(
                Locale.ROOT,
                "%4s  %9s  %9s  %9s  %9s  %9s  %9s  %s%n",
                "",
                "absolute",
                "relative",
                "of norm",
                "beyond",
                "judged",
                "at most",
                "name");
        for (Comparison c : report.comparisons()) {
            print.printf(
                    Locale.ROOT,
                    "%4s  %9.2e  %9.2e  %9.2e  %9d  %9.2e  %9.2e  %s%n",
                    c.pass() ? "ok" : "FAIL",
                    c.largestAbsoluteDifference(),
                    c.largestRelativeDifference(),
                    c.relativeToNorm(),
                    c.beyond(),
                    c.difference(),
                    c.tolerance(),
                    c.name());
        }
        report.notes().forEach(print::println);
        long failed = report.comparisons().stream().filter(c -> !c.pass()).count();
        print.println(
                failed == 0
                        ? "pass: " + report.comparisons().size() + " comparisons"
                        : "FAIL: " + failed + " of " + report.comparisons().size() + " comparisons");
        print.flush();
    }
}
