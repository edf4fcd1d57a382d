package io.densespark.spark.settings;

import io.densespark.data.batch.Augmentation;
import io.densespark.model.collective.PortRange;
import io.densespark.model.optimizer.Sgd;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.spark.JobException;
import io.densespark.spark.rank.Connections;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One training run, as asked for. It travels as {@link #values}.
 *
 * @param seed of weights, order, augmentation and validation split; empty if none was given
 */
public record TrainSettings(
        Places places,
        NetworkSettings network,
        Schedule schedule,
        Augmentation augmentation,
        ClusterSettings cluster,
        CheckpointSettings checkpoints,
        OptionalLong seed)
        implements Serializable {

    /** @throws JobException if some replicas would have nothing to do */
    public TrainSettings {
        int replicas = cluster.replicas().orElse(1);
        if (replicas > schedule.batchSize()) {
            throw new JobException("batch-size " + schedule.batchSize() + " is less than the " + replicas
                    + " replicas: some would never see an image; set --batch-size higher or --replicas lower");
        }
    }

    /**
     * The run that these values ask for, with the defaults for all others.
     *
     * @throws JobException naming the setting that is missing, out of range or contradicted
     * @throws io.densespark.model.ModelException if there is no such network
     */
    public static TrainSettings of(SettingValues values) {
        return of(values, SettingValues.NONE);
    }

    /**
     * The run that the command line, the recipe where that says nothing, and the defaults ask for.
     *
     * @throws JobException naming the setting that is missing, out of range or contradicted
     * @throws io.densespark.model.ModelException if there is no such network
     */
    public static TrainSettings of(SettingValues commandLine, SettingValues recipe) {
        Precedence settings = new Precedence(commandLine, recipe);
        Optional<Integer> replicas = settings.given(Setting.REPLICAS);
        Optional<Long> seed = settings.given(Setting.SEED);
        return new TrainSettings(
                new Places(settings.get(Setting.DATA), settings.get(Setting.SAVE), settings.given(Setting.INIT)),
                NetworkSettings.of(commandLine, recipe),
                new Schedule(
                        settings.get(Setting.EPOCHS),
                        settings.get(Setting.BATCH_SIZE),
                        new Sgd(
                                settings.get(Setting.LEARNING_RATE),
                                settings.get(Setting.MOMENTUM),
                                settings.get(Setting.WEIGHT_DECAY)),
                        settings.given(Setting.VALID_SIZE)),
                AugmentationSettings.of(settings),
                new ClusterSettings(
                        levels(commandLine).or(() -> levels(recipe)).orElseGet(Setting.RECOMPUTE::standardValue),
                        settings.get(Setting.PRECISION),
                        settings.get(Setting.ALLOW_SLOW_PRECISION),
                        replicas.map(OptionalInt::of).orElse(OptionalInt.empty()),
                        Elasticity.of(settings),
                        new Connections(
                                Duration.ofSeconds(settings.get(Setting.COLLECTIVE_TIMEOUT)),
                                Duration.ofSeconds(settings.get(Setting.PEER_TIMEOUT)),
                                settings.given(Setting.PORT_RANGE).orElse(PortRange.ANY),
                                settings.get(Setting.ALLOW_PLAIN_GRADIENTS)),
                        settings.get(Setting.MAX_FAILURES)),
                CheckpointSettings.of(settings),
                seed.map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    /** The recompute levels that a source asks for; {@code efficient} is the older way to say it. */
    private static Optional<List<RecomputeLevel>> levels(SettingValues source) {
        Optional<List<RecomputeLevel>> named = source.get(Setting.RECOMPUTE);
        if (!source.has(Setting.EFFICIENT)) {
            return named;
        }
        boolean efficient = source.get(Setting.EFFICIENT).orElseThrow();
        List<RecomputeLevel> none = List.of(RecomputeLevel.NONE);
        List<RecomputeLevel> levels = named.orElse(efficient ? List.of(RecomputeLevel.ACTIVATIONS) : none);
        if (efficient == levels.equals(none)) {
            throw new JobException("settings efficient " + efficient + " and recompute "
                    + Setting.RECOMPUTE.format(levels) + " contradict each other: leave out efficient");
        }
        return Optional.of(levels);
    }

    /** The values that give this run: {@code of(values())} equals it. */
    public SettingValues values() {
        Connections connections = cluster.connections();
        SettingValues values = network.addTo(SettingValues.NONE)
                .with(Setting.DATA, places.data())
                .with(Setting.SAVE, places.save())
                .with(Setting.EPOCHS, schedule.epochs())
                .with(Setting.BATCH_SIZE, schedule.batchSize())
                .with(Setting.LEARNING_RATE, schedule.optimizer().learningRate())
                .with(Setting.MOMENTUM, schedule.optimizer().momentum())
                .with(Setting.WEIGHT_DECAY, schedule.optimizer().weightDecay())
                .with(Setting.RECOMPUTE, cluster.levels())
                .with(Setting.PRECISION, cluster.precision())
                .with(Setting.ALLOW_SLOW_PRECISION, cluster.isSlowPrecisionAllowed())
                .with(Setting.COLLECTIVE_TIMEOUT, (int) connections.timeout().toSeconds())
                .with(Setting.PEER_TIMEOUT, (int) connections.peerTimeout().toSeconds())
                .with(Setting.ALLOW_PLAIN_GRADIENTS, connections.arePlainGradientsAllowed())
                .with(Setting.MAX_FAILURES, cluster.maxFailures());
        values = cluster.elasticity().addTo(checkpoints.addTo(AugmentationSettings.addTo(values, augmentation)));
        if (!connections.ports().equals(PortRange.ANY)) {
            values = values.with(Setting.PORT_RANGE, connections.ports());
        }
        if (schedule.validSize().isPresent()) {
            values = values.with(Setting.VALID_SIZE, schedule.validSize().get());
        }
        if (places.init().isPresent()) {
            values = values.with(Setting.INIT, places.init().get());
        }
        if (cluster.replicas().isPresent()) {
            values = values.with(Setting.REPLICAS, cluster.replicas().getAsInt());
        }
        if (seed.isPresent()) {
            values = values.with(Setting.SEED, seed.getAsLong());
        }
        return values;
    }

    /** The same run with its places written otherwise. */
    public TrainSettings at(Places others) {
        return new TrainSettings(others, network, schedule, augmentation, cluster, checkpoints, seed);
    }

    /** The same run with its seed and its number of replicas decided. */
    public TrainSettings decided(long decidedSeed, int replicas) {
        return new TrainSettings(
                places,
                network,
                schedule,
                augmentation,
                cluster.decided(replicas),
                checkpoints,
                OptionalLong.of(decidedSeed));
    }

    /**
     * What must not change when a run goes on from a checkpoint, by the settings' keys, less what depends on the data. Places, the number of replicas,
     * the precision, what is kept in memory, when checkpoints are written, and how failures are met may change.
     */
    public Map<String, String> identity() {
        Map<String, String> identity = network.identity();
        identity.put(Setting.EPOCHS.key(), Integer.toString(schedule.epochs()));
        identity.put(Setting.BATCH_SIZE.key(), Integer.toString(schedule.batchSize()));
        identity.put(
                Setting.LEARNING_RATE.key(),
                Double.toString(schedule.optimizer().learningRate()));
        identity.put(
                Setting.MOMENTUM.key(), Double.toString(schedule.optimizer().momentum()));
        identity.put(
                Setting.WEIGHT_DECAY.key(), Double.toString(schedule.optimizer().weightDecay()));
        identity.putAll(AugmentationSettings.identity(augmentation));
        identity.put(Setting.INIT.key(), places.init().orElse("none"));
        return identity;
    }

    private Object writeReplace() {
        return new Travelling(values());
    }

    /** Optional values can't be serialized, the values that make them can. */
    private record Travelling(SettingValues values) implements Serializable {
        private Object readResolve() {
            return of(values);
        }
    }
}
