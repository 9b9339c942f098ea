package org.commissure.models.golden;

import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;

/** Makes an engine of the given shape, its parameters not yet loaded; the replay closes it. */
@FunctionalInterface
public interface ModelOpener {
    TrainableModel open(ModelConfiguration configuration);
}
