package org.commissure.site.compute;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.WindowPreparation;
import org.commissure.models.training.Scan;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.protocol.study.Study;
import org.jspecify.annotations.Nullable;

/**
 * Of masked reconstruction: the mean gradient over a few windows of the
 * patient's scans, each starting at a random frame of all under a random mask. Averaging before clipping is
 * what makes the patient, and not the window or the scan, the unit of privacy. Not thread-safe.
 */
public final class ReconstructionGradient implements PatientGradient {
    /** A long scan gives several windows a step; more than this buys little and costs as much each. */
    private static final int MAXIMUM_WINDOWS = 4;

    private final MaskedAutoencoder model;
    private final ModelConfiguration shape;
    private final double maskRatio;
    private final float[] ofWindow;

    ReconstructionGradient(MaskedAutoencoder model, ModelConfiguration shape, double maskRatio) {
        this.model = model;
        this.shape = shape;
        this.maskRatio = maskRatio;
        this.ofWindow = new float[model.parameterCount()];
    }

    /** As a study of masked reconstruction asks for it. */
    public static ReconstructionGradient of(MaskedAutoencoder model, ModelConfiguration shape, Study study) {
        return new ReconstructionGradient(
                model, shape, study.training().maskRatio().orElseThrow());
    }

    @Override
    public ParameterLayout layout() {
        return shape.layout();
    }

    @Override
    public int parameterCount() {
        return model.parameterCount();
    }

    @Override
    public void load(float[] parameters) {
        model.loadParameters(parameters);
    }

    @Override
    public void of(Scan patient, RandomGenerator random, float[] out) throws LocalWorkException, InterruptedException {
        List<Scan> scans = patient.ofThePatient();
        float[][] series = new float[scans.size()][];
        int whole = 0;
        int starts = 0;
        for (Scan scan : scans) {
            check(scan);
            whole += scan.frames() / shape.windowFrames();
            starts += starts(scan);
        }
        int windows = Math.clamp(whole, 1, MAXIMUM_WINDOWS);
        Arrays.fill(out, 0);
        for (int w = 0; w < windows; w++) {
            int start = random.nextInt(starts);
            Mask mask = Mask.random(shape.tokens(), maskRatio, random);
            int at = 0;
            for (; start >= starts(scans.get(at)); at++) {
                start -= starts(scans.get(at));
            }
            if (series[at] == null) {
                series[at] = load(scans.get(at));
            }
            try {
                float[] window = WindowPreparation.standardise(
                        series[at], shape.parcels(), scans.get(at).frames(), start, shape.windowFrames());
                model.gradient(window, mask, ofWindow);
            } catch (IllegalArgumentException e) {
                throw damaged(e);
            }
            for (int i = 0; i < out.length; i++) {
                out[i] += ofWindow[i] / windows;
            }
        }
    }

    /** Frames at which a window can begin. */
    private int starts(Scan scan) {
        return scan.frames() - shape.windowFrames() + 1;
    }

    private void check(Scan scan) throws LocalWorkException {
        if (scan.parcels() != shape.parcels() || scan.frames() < shape.windowFrames()) {
            throw damaged(null);
        }
    }

    private static float[] load(Scan scan) throws LocalWorkException, InterruptedException {
        try {
            return scan.load();
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) { // an interrupt closes the file under the reader; the series is whole
                throw (InterruptedException) new InterruptedException("reading a series was stopped").initCause(e);
            }
            throw damaged(e);
        }
    }

    static LocalWorkException damaged(@Nullable Throwable cause) {
        String message = "a series of this site's cohort cannot be read or is damaged; run `commissure cohort check`"
                + " at the site, restore the file, and the site takes part again";
        return cause == null ? new LocalWorkException(message) : new LocalWorkException(message, cause);
    }
}
