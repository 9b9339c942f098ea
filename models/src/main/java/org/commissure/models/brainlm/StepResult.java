package org.commissure.models.brainlm;

/**
 * @param loss mean loss over the batch before the step
 * @param gradientNorm L2 norm of the averaged gradient before it was scaled down
 */
public record StepResult(double loss, double gradientNorm) {}
