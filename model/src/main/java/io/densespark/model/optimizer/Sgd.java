package io.densespark.model.optimizer;

import io.densespark.model.ModelException;
import io.densespark.model.replica.Replica;

/**
 * Stochastic gradient descent with Nesterov momentum and weight decay on every parameter.
 *
 * @param learningRate the rate of the first epochs
 * @param momentum share of the velocity that a step keeps
 * @param weightDecay added to the gradient as this times the parameter
 */
public record Sgd(double learningRate, double momentum, double weightDecay) {
    /** @throws ModelException naming the setting that is out of range */
    public Sgd {
        if (!(learningRate > 0 && Double.isFinite(learningRate))) {
            throw new ModelException("learning rate " + learningRate + ": must be above 0");
        }
        if (!(momentum >= 0 && momentum < 1)) {
            throw new ModelException("momentum " + momentum + ": must be at least 0 and below 1");
        }
        if (!(weightDecay >= 0 && Double.isFinite(weightDecay))) {
            throw new ModelException("weight decay " + weightDecay + ": must be at least 0");
        }
    }

    /**
     * The learning rate of an epoch: divided by 10 from half of the epochs on, and by 100 from three quarters on.
     *
     * @param epoch counted from 0
     * @param epochs epochs in all
     */
    public double rateOf(int epoch, int epochs) {
        double rate = learningRate;
        if (epoch >= 0.5 * epochs) {
            rate *= 0.1;
        }
        if (epoch >= 0.75 * epochs) {
            rate *= 0.1;
        }
        return rate;
    }

    /** Moves the replica's parameters by one step of its gradients, which are destroyed. */
    public void step(Replica replica, double rate) {
        replica.nesterovStep(rate, momentum, weightDecay);
    }
}
