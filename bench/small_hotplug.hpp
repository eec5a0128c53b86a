// A memory-hotplug model with small states, of any size: N blocks, L listeners, W workers, R readers. Made for measuring;
// what it says of memory hotplug is said better by the reference model.
//
// A worker chooses a block and what to do with it, tries device_hotplug_lock (and gives up if it is taken), looks whether
// there is anything to do, takes the hotplug lock for writing, makes the block accessible (online), asks each listener,
// which may refuse, then commits and tells each listener, or takes back what the listeners have accepted; makes the
// block inaccessible (offline, or a failed online), and gives the locks back. A reader chooses a block, takes the hotplug
// lock for reading, looks whether the block is online, and reads its memmap if so. Each of these is one step.
#pragma once

#include "model/ir/system.hpp"

namespace hotproof::bench {

struct Sizes {
  int blocks = 2, listeners = 2, workers = 2, readers = 1;
};

// Two properties, which hold: memory that is read is accessible; when a worker is done, the listeners follow a block
// exactly if it is online.
ir::TransitionSystem small_hotplug(const Sizes& sizes);

}  // namespace hotproof::bench
