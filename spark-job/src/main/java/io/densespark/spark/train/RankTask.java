package io.densespark.spark.train;

import io.densespark.data.DataException;
import io.densespark.model.ModelException;
import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.collective.SingleReplica;
import io.densespark.model.libtorch.GlooProcessGroup;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.libtorch.Rendezvous;
import io.densespark.model.memory.Device;
import io.densespark.spark.JobException;
import io.densespark.spark.barrier.BarrierTask;
import io.densespark.spark.metrics.ProgressAccumulator;
import io.densespark.spark.platform.AvailableMemory;
import io.densespark.spark.platform.NativeCache;
import io.densespark.spark.platform.PlatformCheck;
import io.densespark.spark.train.RankOutcome.Failed;
import io.densespark.spark.train.RankOutcome.Trained;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * One rank of one attempt. What can't succeed however often it is tried is returned; what may (a lost peer, a file system
 * that doesn't answer) is thrown.
 */
final class RankTask implements BarrierTask<RankOutcome> {
    private static final String FAILED = "FAILED ";

    private final RunPlan plan;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final ProgressAccumulator progress;

    RankTask(RunPlan plan, Broadcast<SerializableConfiguration> hadoop, ProgressAccumulator progress) {
        this.plan = plan;
        this.hadoop = hadoop;
        this.progress = progress;
    }

    @Override
    public RankOutcome call(BarrierTaskContext context) throws Exception {
        AvailableMemory atStart = AvailableMemory.now();
        int rank = context.partitionId();
        String host = hostOf(context.getTaskInfos()[rank].address());
        RankSession session = null;
        Rendezvous rendezvous = null;
        try {
            String announcement = "";
            try {
                PlatformCheck.requireSupported();
                NativeCache.prepare();
                session = RankSession.open(
                        plan,
                        TaskDevice.of(context),
                        context.cpus(),
                        () -> MemoryBudget.ofMachine(
                                plan.attempt(),
                                atStart,
                                ranksWith(context, address -> address, rank),
                                ranksWith(context, RankTask::hostOf, rank)),
                        hadoop.value().value());
                if (rank == 0 && plan.worldSize() > 1) {
                    rendezvous = Rendezvous.serve(host, plan.settings().collectiveTimeout());
                    announcement = rendezvous.address();
                }
            } catch (PeerLostException | UncheckedIOException e) {
                throw e;
            } catch (RuntimeException e) {
                announcement = FAILED + reason(e);
            }
            // The only exchange by Spark (it takes a second): who can't start, and where rank 0 listens.
            String[] announcements = context.allGather(announcement);
            Optional<Failed> failed = firstFailure(announcements);
            if (failed.isPresent()) {
                return failed.get();
            }
            if (rank > 0) {
                rendezvous =
                        Rendezvous.connect(announcements[0], plan.settings().collectiveTimeout());
            }
            try (ProcessGroup group = join(rendezvous, rank, host, context)) {
                return train(session, group, context);
            }
        } finally {
            if (rendezvous != null) {
                rendezvous.close();
            }
            if (session != null) {
                session.close();
            }
        }
    }

    private ProcessGroup join(Rendezvous rendezvous, int rank, String host, BarrierTaskContext context) {
        if (plan.worldSize() == 1) {
            return new SingleReplica();
        }
        return GlooProcessGroup.join(
                rendezvous, rank, plan.worldSize(), host, plan.settings().collectiveTimeout(), context::isInterrupted);
    }

    private RankOutcome train(RankSession session, ProcessGroup group, BarrierTaskContext context) throws Exception {
        Device device = session.replica.settings().device();
        Trainer trainer = new Trainer(
                plan,
                session,
                LibTorch.open(device).kernels(),
                group,
                group.rank() == 0 ? progress::add : update -> {});
        try {
            trainer.run();
        } catch (PeerLostException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            return new Failed(group.rank(), reason(e));
        }
        // A rank that closes its sockets while another still reads its last sum would look lost to it.
        context.barrier();
        return new Trained(
                group.rank(),
                SparkEnv.get().executorId(),
                ProcessHandle.current().pid(),
                device.toString(),
                session.replica.settings().level().toString(),
                trainer.steps(),
                trainer.allReduceBytes(),
                session.peakBytes(),
                HexFormat.of().formatHex(WeightsDigest.of(session.replica.parameters())),
                trainer.seconds(),
                trainer.finished());
    }

    /** The message for users, or for what nobody foresaw the exception and the place it came from. */
    private static String reason(RuntimeException e) {
        if (e instanceof ModelException || e instanceof DataException || e instanceof JobException) {
            return e.getMessage();
        }
        StackTraceElement[] trace = e.getStackTrace();
        return e + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    private static Optional<Failed> firstFailure(String[] announcements) {
        for (int rank = 0; rank < announcements.length; rank++) {
            if (announcements[rank].startsWith(FAILED)) {
                return Optional.of(new Failed(rank, announcements[rank].substring(FAILED.length())));
            }
        }
        return Optional.empty();
    }

    /** Ranks at the same place, by the address of their executor; itself included. */
    private static int ranksWith(BarrierTaskContext context, UnaryOperator<String> place, int rank) {
        List<String> places = Arrays.stream(context.getTaskInfos())
                .map(task -> place.apply(task.address()))
                .toList();
        return Collections.frequency(places, places.get(rank));
    }

    /** The name by which Spark knows an executor's machine: other executors reach it by that. */
    private static String hostOf(String address) {
        int port = address.lastIndexOf(':');
        String host = port < 0 ? address : address.substring(0, port);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
