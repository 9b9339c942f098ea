package org.commissure.site.science;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.commissure.models.finetune.ConnectivityRidge;
import org.commissure.models.multisite.ConnectivityPatient;
import org.commissure.models.multisite.ConnectivitySite;
import org.commissure.models.multisite.ProgressListener;
import org.commissure.models.training.EvenWindows;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;
import org.commissure.site.cohort.ScanSeries;
import org.commissure.site.cohort.Subject;

/**
 * Patients of two classes with the connectivity of their scans' windows, in memory.
 *
 * @param sites in the order asked for
 * @param classes the column's two values; a patient's class is the place here
 * @param unknown admitted patients of whom the column says nothing; they are left out
 */
public record ConnectivityCohort(List<ConnectivitySite> sites, List<String> classes, int unknown) {
    /** Of the Java heap; the rest is for training. */
    private static final double SHARE_OF_MEMORY = 0.7;

    public ConnectivityCohort {
        sites = List.copyOf(sites);
        classes = List.copyOf(classes);
    }

    /**
     * Windows of a scan.
     *
     * @param frames of one window
     * @param stride frames from one start to the next
     */
    public record Windowing(int frames, int stride) {
        int count(int scanFrames) {
            return (scanFrames - frames) / stride + 1;
        }
    }

    /**
     * Reads every series once.
     *
     * @param pooled admitted by rules that ask for at least a window's frames
     * @throws UserError if the column does not hold two classes, a site lost all its patients, or memory does not
     *     suffice
     */
    public static ConnectivityCohort of(
            SimulatedSites simulated,
            PooledCohort pooled,
            String column,
            Windowing windowing,
            ProgressListener progress) {
        Map<Subject, String> known = pooled.known(column);
        List<String> classes = List.copyOf(new TreeSet<>(known.values()));
        if (classes.size() != 2) {
            throw new UserError(
                    "column " + column + " has " + classes.size() + " different values among the admitted patients",
                    "the comparison is of two classes: choose a column with two values, n/a where it is unknown");
        }
        requireMemory(known, windowing);
        List<ConnectivitySite> sites = new ArrayList<>();
        int done = 0;
        for (int s = 0; s < simulated.names().size(); s++) {
            List<ConnectivityPatient> patients = new ArrayList<>();
            for (Subject subject : pooled.sites().get(s).admitted()) {
                String label = known.get(subject);
                if (label != null) {
                    patients.add(patient(subject, classes.indexOf(label), windowing));
                    progress.at("reading patient", ++done, known.size());
                }
            }
            if (patients.isEmpty()) {
                throw new UserError(
                        "no admitted patient of site " + simulated.names().get(s) + " has a value in column " + column,
                        "leave the site away, or choose another --target");
            }
            sites.add(new ConnectivitySite(simulated.names().get(s), patients));
        }
        return new ConnectivityCohort(sites, classes, pooled.subjects().size() - known.size());
    }

    private static void requireMemory(Map<Subject, String> known, Windowing windowing) {
        double bytes = 0;
        for (Subject subject : known.keySet()) {
            double pairs = subject.parcels() * (subject.parcels() - 1) / 2.0;
            int windows = subject.scans().stream()
                    .mapToInt(scan -> windowing.count(scan.frames()))
                    .sum();
            bytes += Float.BYTES * pairs * (1 + windows);
        }
        long heap = Runtime.getRuntime().maxMemory();
        if (bytes > SHARE_OF_MEMORY * heap) {
            throw new UserError(
                    String.format(
                            Locale.ROOT,
                            "the windows' connectivity takes %.1f GB, but Java may use %.1f GB",
                            bytes / 1e9,
                            heap / 1e9),
                    "take fewer windows with a larger --stride, or set COMMISSURE_JAVA_OPTIONS=-Xmx"
                            + (int) Math.ceil(bytes / SHARE_OF_MEMORY / (1 << 30)) + "g");
        }
    }

    /** Windows of every scan; the whole scans' connectivity is their mean. */
    private static ConnectivityPatient patient(Subject subject, int label, Windowing windowing) {
        List<float[]> windows = new ArrayList<>();
        List<float[]> whole = new ArrayList<>();
        for (ScanSeries scan : subject.scans()) {
            float[] series = scan.load();
            whole.add(series);
            for (int start : EvenWindows.starts(scan.frames(), windowing.frames(), windowing.count(scan.frames()))) {
                float[] window = new float[scan.parcels() * windowing.frames()];
                for (int p = 0; p < scan.parcels(); p++) {
                    System.arraycopy(
                            series, p * scan.frames() + start, window, p * windowing.frames(), windowing.frames());
                }
                windows.add(connectivity(List.of(window), scan.parcels()));
            }
        }
        return new ConnectivityPatient(
                subject.family(), label, windows.toArray(float[][]::new), connectivity(whole, subject.parcels()));
    }

    private static float[] connectivity(List<float[]> series, int parcels) {
        double[] pairs = ConnectivityRidge.connectivity(series, parcels);
        float[] row = new float[pairs.length];
        for (int j = 0; j < row.length; j++) {
            row[j] = (float) pairs[j];
        }
        return row;
    }
}
