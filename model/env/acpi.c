/*
 * ACPI's driver for memory devices, and what its core does around it: a device a block, which firmware plugs in and asks
 * to eject. The core holds device_hotplug_lock and its scan lock meanwhile.
 */

struct acpi_device hp_acpi_device[HP_BLOCKS];
struct acpi_memory_device hp_acpi_driver[HP_BLOCKS];  /* what the driver keeps of a device, and of its one range */
struct acpi_memory_info hp_acpi_range[HP_BLOCKS];
int hp_acpi_asked;                        /* the block whose device is being attached */
struct mutex hp_acpi_scan_lock;
struct mutex hp_acpi_physical_node_lock[HP_BLOCKS];

void hp_init_acpi(void)
{
	int b;

	for (b = 0; b < HP_BLOCKS; b++)
		hp_acpi_device[b].handle = (void *)(long)(b + 1);
}

int acpi_get_node(void *handle) { return HP_NODE; }

/* A handle and a resource are the number of the block, plus 1. */
unsigned int acpi_walk_resources(void *handle, char *name, unsigned int (*fn)(struct acpi_resource *, void *), void *data)
{
	if (__hp_fault("acpi_walk_resources()"))
		return AE_NO_MEMORY;
	return fn((struct acpi_resource *)handle, data);
}

/* Firmware's record of a range becomes the driver's. */
unsigned int acpi_memory_get_resource(struct acpi_resource *resource, void *data)
{
	struct acpi_memory_device *device = data;
	int b = (long)resource - 1;
	struct acpi_memory_info *info = &hp_acpi_range[b];

	if (__hp_fault("kzalloc()"))
		return AE_ERROR;
	info->start_addr = block[b].start_pfn * 4096;
	info->length = HP_BLOCK_PAGES * 4096;
	/* The first and last of the list, said so that nobody has to ask whether it is endless. */
	info->list.next = &device->res_list;
	info->list.prev = &device->res_list;
	device->res_list.next = &info->list;
	device->res_list.prev = &info->list;
	return AE_OK;
}

int hp_acpi_free(const void *pointer)
{
	int b;

	for (b = 0; b < HP_BLOCKS; b++) {
		if (pointer == &hp_acpi_driver[b]) {
			__hp_zero(&hp_acpi_driver[b]);
			return 1;
		}
		if (pointer == &hp_acpi_range[b]) {
			__hp_zero(&hp_acpi_range[b]);
			return 1;
		}
	}
	return 0;
}

unsigned int acpi_evaluate_integer(void *handle, char *name, void *arguments, unsigned long long *data)
{
	if (__hp_fault("acpi_evaluate_integer()"))
		return AE_ERROR;
	*data = ACPI_STA_DEVICE_PRESENT | ACPI_STA_DEVICE_ENABLED | ACPI_STA_DEVICE_FUNCTIONING;
	return AE_OK;
}

/* Binding takes a reference on the block's device, once. */
int acpi_bind_one(struct device *dev, struct acpi_device *device)
{
	int b = hp_block_of_device(dev), result = 0;

	mutex_lock(&hp_acpi_physical_node_lock[b]);
	if (!block[b].bound) {
		if (__hp_fault("acpi_bind_one()")) {
			result = -12;
		} else {
			get_device(dev);
			block[b].bound = 1;
		}
	}
	mutex_unlock(&hp_acpi_physical_node_lock[b]);
	return result;
}

int acpi_unbind_one(struct device *dev)
{
	int b = hp_block_of_device(dev);

	mutex_lock(&hp_acpi_physical_node_lock[b]);
	if (block[b].bound) {
		block[b].bound = 0;
		put_device(dev);
	}
	mutex_unlock(&hp_acpi_physical_node_lock[b]);
	return 0;
}

/* Firmware plugs memory in that nobody has added yet. */
long hp_acpi_add(int b)
{
	long result = -17;

	lock_device_hotplug();
	mutex_lock(&hp_acpi_scan_lock);
	if (!hp_acpi_device[b].driver_data && !block[b].in_resource) {
		hp_plug(b);
		hp_acpi_asked = b;
		result = acpi_memory_device_add(&hp_acpi_device[b], (void *)0);
		result = result == 1 ? 0 : result ? result : -19;
	}
	mutex_unlock(&hp_acpi_scan_lock);
	unlock_device_hotplug();
	return result;
}

/* An eject: what is bound is set offline first, and if that succeeds the driver lets go and the memory is gone. */
long hp_acpi_remove(int b)
{
	long result = -19;
	int i;

	lock_device_hotplug();
	mutex_lock(&hp_acpi_scan_lock);
	if (!hp_acpi_device[b].driver_data)
		goto out;
	mutex_lock(&hp_acpi_physical_node_lock[b]);
	result = block[b].bound ? device_offline(&mem[b].dev) : 0;
	mutex_unlock(&hp_acpi_physical_node_lock[b]);
	if (result < 0)
		goto out;
	acpi_memory_device_remove(&hp_acpi_device[b]);
	for (i = 0; i < HP_INCREMENTS; i++)
		hp_set_increment(b, i, 0);
	result = 0;
out:
	mutex_unlock(&hp_acpi_scan_lock);
	unlock_device_hotplug();
	return result;
}
