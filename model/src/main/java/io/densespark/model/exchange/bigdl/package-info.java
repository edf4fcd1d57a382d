/**
 * Models of BigDL 0.13 in its protobuf format, written and read without BigDL's own code: only its generated protobuf
 * classes are used, and only here. Those who bring models in and out enter by {@link
 * io.densespark.model.exchange.bigdl.BigDlModel}. In this module nobody enters.
 */
package io.densespark.model.exchange.bigdl;
