/* dfkd.h: all of the engine that other folders may include. */
#pragma once

#include "channel.h"
#include "build.h"
#include "dataset.h"
#include "device.h"
#include "embedded-teacher.h"
#include "errors.h"
#include "evaluation.h"
#include "json-output.h"
#include "model-file.h"
#include "network.h"
#include "recipe.h"
#include "replay.h"
#include "safetensors.h"
#include "session.h"
#include "supervised.h"
#include "trainer.h"
