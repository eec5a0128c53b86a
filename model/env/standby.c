/* What the machine says of itself while s390 adds its standby memory: no limit of the address space cuts a block off. */

#if HP_HAS_vm_layout__identity_size
struct vm_layout vm_layout = { .identity_size = 0x7fffffffffffffffUL };
#else
unsigned long ident_map_size = 0x7fffffffffffffffUL;
#endif
#if !HP_KNOWS_vmemmap
struct page *vmemmap = (struct page *)HP_VMEMMAP;
#endif
