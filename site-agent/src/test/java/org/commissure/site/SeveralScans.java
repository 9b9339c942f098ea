package org.commissure.site;

import java.io.IOException;
import java.util.List;
import org.commissure.models.training.Scan;

/** One patient with all these scans. */
public record SeveralScans(List<Scan> scans) implements Scan {
    @Override
    public int parcels() {
        return scans.getFirst().parcels();
    }

    @Override
    public int frames() {
        return scans.getFirst().frames();
    }

    @Override
    public List<Scan> ofThePatient() {
        return scans;
    }

    @Override
    public float[] load() throws IOException {
        return scans.getFirst().load();
    }
}
