package io.densespark.spark.rank;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;
import scala.Option;

/** Events as Spark sends them, without a Spark. */
class ExecutorLossesTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final ExecutorLosses losses = new ExecutorLosses(null);

    private void end(TaskEndReason reason) {
        end(reason, "here");
    }

    private void end(TaskEndReason reason, String host) {
        TaskInfo task = new TaskInfo(0, 0, 0, 0, 0, "1", host, TaskLocality.ANY(), false);
        losses.onTaskEnd(new SparkListenerTaskEnd(1, 0, "ResultTask", reason, task, null, null));
    }

    private static TaskEndReason lost(boolean byApp) {
        return new ExecutorLostFailure("1", byApp, Option.apply("Executor decommission"));
    }

    @Test
    void executorsThatTheClusterTookAreTheClustersAndEachIsToldOnce() {
        end(lost(false));
        end(lost(false));

        assertThat(losses.wereTheClusters(LONG)).isTrue();
        assertThat(losses.wereTheClusters(Duration.ofMillis(50))).isFalse();
    }

    @Test
    void aCrashCountsWhateverElseWasLost() {
        end(lost(false));
        end(lost(true));

        assertThat(losses.wereTheClusters(LONG)).isFalse();
    }

    @Test
    void theHostOfMostCrashesIsTheWorstIfThereAreOthers() {
        end(lost(true), "a");
        end(lost(true), "a");
        assertThat(losses.worstHost()).isEmpty();

        end(lost(false), "b");
        end(lost(true), "b");
        assertThat(losses.worstHost()).contains("a");

        end(lost(true), "b");
        assertThat(losses.worstHost()).isEmpty();
    }

    @Test
    void sparksWordIsWaitedForAndOtherEndsAreNone() throws Exception {
        end(Success$.MODULE$);
        Thread later = new Thread(() -> {
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            end(lost(false));
        });
        later.start();

        assertThat(losses.wereTheClusters(LONG)).isTrue();
        later.join();
    }
}
