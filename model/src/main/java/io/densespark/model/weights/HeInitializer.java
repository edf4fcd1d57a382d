package io.densespark.model.weights;

import io.densespark.model.network.Parameter;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Vector;
import java.util.Arrays;
import java.util.Random;

/**
 * The initialization that the DenseNet paper takes (arXiv 1608.06993, section 4.2): convolutions by He et al. (arXiv
 * 1502.01852, section 2.2, equation 14, the fan-out form) from a normal distribution with variance 2/(O·KH·KW), norms at
 * γ = 1 and β = 0, a classifier uniform within ±1/√inputs with zero bias.
 */
public final class HeInitializer {
    private HeInitializer() {}

    /**
     * Overwrites all parameters and running statistics (mean 0, variance 1) and zeroes the velocity. {@link
     * java.util.Random}'s algorithm is specified, so a seed gives the same weights on every JDK.
     */
    public static void initialize(Replica replica, long seed) {
        Random random = new Random(seed);
        for (Parameter parameter : replica.layout().parameters()) {
            float[] values = new float[parameter.elements()];
            switch (parameter.kind()) {
                case CONVOLUTION -> fillNormal(values, parameter, random);
                case LINEAR_WEIGHT -> fillUniform(values, parameter, random);
                case NORM_SCALE -> Arrays.fill(values, 1);
                case NORM_SHIFT, LINEAR_BIAS -> Arrays.fill(values, 0);
                case RUNNING_MEAN, RUNNING_VARIANCE -> throw new IllegalStateException(parameter + " is no parameter");
            }
            set(replica.parameters(), parameter, values);
        }
        for (Parameter statistic : replica.layout().runningStatistics()) {
            float[] values = new float[statistic.elements()];
            Arrays.fill(values, statistic.kind() == Parameter.Kind.RUNNING_VARIANCE ? 1 : 0);
            set(replica.runningStatistics(), statistic, values);
        }
        replica.velocity().storage().zero();
    }

    private static void fillNormal(float[] values, Parameter parameter, Random random) {
        int fanOut = parameter.shape().get(0)
                * parameter.shape().get(2)
                * parameter.shape().get(3);
        double deviation = Math.sqrt(2.0 / fanOut);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
    }

    private static void fillUniform(float[] values, Parameter parameter, Random random) {
        double bound = 1 / Math.sqrt(parameter.shape().get(1));
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
    }

    private static void set(Vector flat, Parameter parameter, float[] values) {
        flat.slice(Math.toIntExact(parameter.offset()), parameter.elements()).set(values);
    }
}
