package org.commissure.site.regional;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;

/** A small study of kind regional, whose atlas connects every region with every other. */
final class RegionalStudies {
    static final int REGIONS = 8;

    private RegionalStudies() {}

    /**
     * @param mode of privacy
     * @param method of the fit
     * @param tables more of the study's text
     */
    static Study of(String mode, String method, String tables) {
        String rows = Arrays.stream(new double[REGIONS][REGIONS])
                .map(row -> "[" + "1, ".repeat(REGIONS - 1) + "1]")
                .collect(Collectors.joining(", "));
        return StudyFile.parse("""
            [study]
            kind = "regional"
            name = "connectomes"
            purpose = "research"
            [rounds]
            maximum_attempts = 1
            [quorum]
            minimum_sites = 3
            maximum_colluders = 1
            [deadlines]
            invite_seconds = 60
            keys_seconds = 60
            upload_seconds = 60
            vote_seconds = 60
            unmask_seconds = 60
            reconnect_grace_seconds = 5
            [privacy]
            mode = "%s"
            clip_norm = 12.0
            noise_multiplier = 1.0
            delta = 1e-5
            [regional.statistics]
            repetition_time_seconds = 2.0
            repetition_time_tolerance_seconds = 5e-1
            minimum_frames = 40
            window_seconds = 30.0
            histogram_bins = 200
            validation_fraction = 0.3
            minimum_subjects = 2
            %s[regional.fit]
            method = "%s"
            sites = ["first"]
            budget = 1
            offspring = 8
            repeats = 1
            seed = 1
            simulated_frames = 60
            stride_frames = 1
            haemodynamics = "kong2021"
            [regional.refinement]
            rounds = 0
            iterations = 1
            [regional.scoring]
            external_fraction = 0.25
            repeats = 1
            bootstrap_samples = 10
            [regional.atlas]
            names = ["a", "b", "c", "d", "e", "f", "g", "h"]
            source_parcels = 8
            structural_connectivity = [%s]
            myelin = [1, 2, 3, 4, 5, 6, 7, 9]
            gradient = [1, -1, 2, -2, 3, -3, 4, -5]
            """.formatted(mode, tables, method, rows)).study();
    }
}
