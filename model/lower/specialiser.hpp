// Runs every actor's C as an abstract machine until no location and no fact is new, and collects the transitions.
#pragma once

#include <chrono>
#include <deque>

#include "model/ir/canonical.hpp"
#include "model/lower/machine.hpp"

namespace hotproof::lower {

class Specialiser {
 public:
  Specialiser(Mir& mir, const Options& options);
  Outcome<Lowered> run();

 private:
  struct Location {
    ControlPoint point;
    std::vector<ir::Transition> transitions;
    std::vector<std::pair<const Body*, std::uint32_t>> lines;  // executed here
    std::set<std::pair<const Terminator*, bool>> ways;         // branches met here, and which way a path goes on
    std::set<std::size_t> gaps;
    bool resting = false;
    bool queued = false;
  };
  struct ActorState {
    ir::VarId control{};
    ir::Location initial = 0;
    std::vector<std::unique_ptr<Location>> locations;
    std::unordered_map<ControlPoint, ir::Location, ControlPointHash> known;
  };

  // specialiser.cpp: the driver
  std::optional<Diagnostic> initialise();
  std::optional<Diagnostic> start_actor(std::uint32_t actor);
  bool out_of_time();
  void specialise(std::uint32_t actor, ir::Location location);
  ir::Location location_of(std::uint32_t actor, const ControlPoint& point);
  void emit(Path path);
  void drop_dead(ControlPoint& point);
  void spill(ControlPoint& point, const ControlPoint& before, std::vector<ir::Update>& updates);
  void drop_dead(Frame& frame, bool top, SharedCells& memory);
  ir::VarId slot(const std::string& name, int width);
  static std::set<UnknownId> unknowns_in(const ControlPoint& point);
  Value fresh_unknown(Path& path);
  void queue(std::uint32_t actor, ir::Location location);
  void queue_users(std::set<std::uint64_t>& users);
  std::uint64_t user() const { return (static_cast<std::uint64_t>(actor_) << 32U) | location_; }

  // finish.cpp: the system and the report from what was collected
  Lowered finish();
  void finish_locks();
  void finish_symbols();
  void finish_report(const std::set<std::pair<const Terminator*, bool>>& ways);
  ir::ExprId symbol_of(CellId cell);
  void declare_range(CellId cell);

  // execute.cpp: instructions
  enum class Progress : std::uint8_t { on, ended };  // ended: the path stopped, forked, or was emitted
  void explore(Path path);
  Progress execute(Path& path);
  Progress execute_instr(Path& path, const Instr& instr);
  Progress execute_end(Path& path, const Terminator& end);
  Progress load(Path& path, const Instr& instr);
  Progress store(Path& path, const Instr& instr);
  bool tell_leaf(Path& path, const Instr& instr, const std::string& name, const Leaf& leaf);
  bool tell_watched(Path& path, CellId cell, const Value& value);
  Progress copy_record(Path& path, const Instr& instr);
  Progress copy_fields(Path& path, const Type* type, PointerId from, PointerId to);
  Progress branch(Path& path, const Terminator& end);
  Progress decide(Path& path, const Value& condition, const std::function<void(Path&, bool)>& go);
  Value number_moved(const Instr& instr, const Value& a, const Value& b);
  Value derived(const Value& of, Derivation derivation);
  Value compared_unknown(const Instr& instr, const Value& a, const Value& b);
  Value unary(const Instr& instr, const Value& a);
  Value binary(const Instr& instr, const Value& a, const Value& b);
  std::optional<Value> pointer_arithmetic(const Instr& instr, const Value& a, const Value& b);
  Value cast(const Value& value, const Type* from, const Type* to);
  std::optional<PointerId> place(Path& path, const MemoryPlace& place, Progress& progress);
  Value container(const Instr& instr, const Value& a);
  Value operand(const Path& path, const Operand& operand);
  ir::ExprId expr_of(const Value& value, const Type* type);
  std::optional<ir::ExprId> expr_of_any(const Value& value, int width);
  std::optional<ir::ExprId> expr_of_cell(const CellFacts& facts, const Value& value);
  Value read_private(const Path& path, ObjectId object, CellId cell) const;
  void set_temp(Path& path, Temp temp, const Value& value) const;
  void advance(Path& path) const;
  // Starts the step's visible operation here; false if the step has had one: the path was emitted before this point.
  bool begin_visible(Path& path, const std::string& text);
  Progress not_understood(Path& path, const std::string& why);
  Progress fatal(Path& path, const char* event);
  std::optional<Progress> divides_by_zero(Path& path, const Instr& instr);
  void write_cell(Path& path, CellId cell, const Type* type, const Value& value);
  // The value of a shared cell on this way; nothing if the path was split by its domain (each part goes on by itself).
  std::optional<Value> read_cell(Path& path, CellId cell, const Type* type);
  bool shared(ObjectId object) const { return memory_.object(object).kind == Object::Kind::global; }
  bool changes(CellId cell);

  // layout of memory: unions and widths (overlay.cpp)
  struct UnionAccess {
    UnionPlace place;
    std::string member;
  };
  void note_union(ObjectId object, PathId record, const Type* type, const std::string& member);
  void note_written(const std::vector<UnionAccess>& accesses);
  bool may_read(const std::vector<UnionAccess>& accesses);
  const Type* declared_type(CellId cell, bool& fits);
  bool has_shape(CellId cell, const Type* type);

  // calls.cpp: calls, leaves, intrinsics
  Progress call(Path& path, const Instr& instr);
  Progress call_body(Path& path, const Instr& instr, const Body* body);
  Progress call_leaf(Path& path, const Instr& instr, const std::string& name, const Leaf& leaf);
  Progress call_unknown(Path& path, const std::string& name);
  Progress return_from(Path& path, const Terminator& end);
  std::map<std::string, Leaf>::const_iterator leaf(const std::string& name) const;
  std::optional<std::string> callee(Path& path, const Instr& instr) const;
  std::string redirect(const Path& path, const Instr& instr) const;
  Progress finish_call(Path& path, const Instr& instr, const Value& value);
  std::optional<Progress> intrinsic(Path& path, const Instr& instr, const std::string& name);
  Progress choose(Path& path, const Instr& instr, bool fault);
  Progress event(Path& path, const Instr& instr);
  bool add_event(Path& path, const std::string& name, const std::vector<Value>& args, const std::string& text);
  bool is_referred_to(const Path& path, ObjectId object) const;
  Progress allocate(Path& path, const Instr& instr);
  Progress pass_record(Path& path, const Value& value, const Body* body, std::size_t parameter);
  Progress range(Path& path, const Instr& instr);
  // pool.cpp: shared memory that is allocated and freed while the model runs
  Progress zero(Path& path, const Instr& instr);
  Progress shared_object(Path& path, const Instr& instr);
  Progress shared_object_number(Path& path, const Instr& instr);
  std::uint32_t site_of(const ControlPoint& point);
  Progress release(Path& path, const Instr& instr);
  Progress assert_that(Path& path, const Instr& instr);
  Progress assume(Path& path, const Instr& instr);
  Value argument(const Path& path, const Instr& instr, std::size_t number);
  std::string string_argument(const Path& path, const Instr& instr, std::size_t number);

  // parameters.cpp: unknown constants
  Progress parameter(Path& path, const Instr& instr);
  Progress require(Path& path, const Instr& instr);
  bool is_parametric(ir::ExprId expr);
  ir::ExprId combined(ir::Op op, ir::ExprId a, ir::ExprId b);
  std::optional<bool> known_truth(const Path& path, ir::ExprId truth);
  void start_with(CellFacts& facts, const Value& first);
  std::optional<std::set<std::uint64_t>> few_values(ir::ExprId expr) const;

  // locks.cpp
  LockFacts& lock_facts(PointerId pointer, std::optional<ir::Lock::Kind> kind);
  Progress acquire(Path& path, const Instr& instr, bool trying);
  Progress acquire_read(Path& path, const Instr& instr, LockFacts& facts, bool trying);
  Progress acquire_write(Path& path, const Instr& instr, LockFacts& facts, bool trying);
  void acquired(Path& path, LockFacts& facts, ir::LockMode mode);
  Progress unlock(Path& path, const Instr& instr);
  ir::ExprId no_readers(const LockFacts& facts, std::uint32_t except);

  // Places and words for people.
  std::size_t shown_frame(const ControlPoint& point) const;
  static const c::Span& span_of(const Frame& frame);
  ir::SourceSpan source_span(const ControlPoint& point, std::string* call_text, std::uint32_t* depth);
  std::vector<ir::SourceSpan> callers_of(const ControlPoint& point, std::size_t depth);
  std::uint32_t file_number(const std::string& file);
  std::uint32_t function_number(const std::string& function);
  // What is asked of a body again and again.
  struct OfBody {
    std::unique_ptr<Liveness> liveness;
    bool environment = false;   // it is ours
    bool seen_through = false;  // its steps are shown at the call of it
    bool watched = false;       // its calls and returns are events
    std::optional<std::uint32_t> file, function;  // their numbers, once they have one
  };
  OfBody& of_body(const Body* body) const;
  ir::SourceSpan span_in(const Body* body, const c::Span& span);
  bool is_environment(const Body* body) const { return of_body(body).environment; }
  Place place_of(const ControlPoint& point) const;
  // What the actor being specialised has of a body.
  struct BodyOfActor {
    std::vector<ObjectId> locals;  // made when the first is asked for
    std::vector<CellId> cells;     // of the whole of each, once it is asked for
  };
  BodyOfActor& of_actor(const Body* body);
  const Liveness& liveness(const Body* body) const;
  const std::vector<ObjectId>& locals(const Body* body);
  CellId cell_of_local(const Body* body, std::size_t local);
  void load_image(ObjectId object, const std::string& name);
  ObjectId static_of_start_up(const std::string& name, const Type* type);
  std::optional<PointerId> image_place(ObjectId object, const Type* type, const std::vector<lower::PlaceStep>& steps);

  Mir& mir_;
  const Options& options_;
  Memory memory_;
  ir::TransitionSystem system_;
  std::vector<ActorState> actors_;
  std::map<CellId, Value> initial_;  // contents of shared memory after start-up
  std::set<ObjectId> loaded_;        // globals whose image is in initial_
  std::map<ObjectId, std::string> doubtful_;  // those whose contents are not all known, and why
  std::vector<CellFacts> facts_;     // by CellId
  std::map<CellId, std::pair<std::uint64_t, std::uint64_t>> ranges_;  // declared: low, high
  std::vector<const Type*> cell_types_;                               // by CellId: of the first access
  std::map<UnionPlace, UnionFacts> unions_;
  std::map<ObjectId, std::set<std::uint64_t>> zeroers_;  // (actor, location) that zero cells of the object
  Location start_up_;  // what hp_init executed; nothing leads there
  std::set<ObjectId> statics_of_start_up_;
  std::map<Place, std::uint32_t> sites_;
  std::vector<Diagnostic> gaps_;  // what was not understood, by the number that its event carries
  std::vector<std::set<std::string>> gap_functions_;  // on the stacks on which it was met
  std::map<PointerId, LockFacts> locks_;
  std::vector<PointerId> lock_order_;                                 // by LockId
  std::map<std::pair<std::uint32_t, std::string>, ir::VarId> slots_;  // spilled values of an actor
  std::set<ir::VarId> slot_vars_;
  std::deque<std::pair<std::uint32_t, ir::Location>> work_;
  mutable std::unordered_map<const Body*, OfBody> of_body_;
  std::unordered_map<std::string, const Body*> around_;  // by function: hp_around_ it; null: there is none
  mutable std::unordered_map<std::string, std::map<std::string, Leaf>::const_iterator> rows_;  // by function: see leaf()
  std::set<std::string> watched_, environment_;
  std::map<std::string, std::uint32_t> file_numbers_, function_numbers_;
  Derivations derivations_;
  std::map<std::string, ir::VarId> parameters_;
  std::set<ir::VarId> parameter_vars_;
  std::unordered_map<ir::ExprId, bool> is_parametric_;
  ir::Canonical canonical_{system_.pool};
  Report report_;
  std::map<std::string, LeafUse> leaf_uses_;
  std::map<std::string, Harmless> harmless_;
  std::set<const Body*> followed_;
  std::vector<std::unordered_map<const Body*, BodyOfActor>> bodies_;  // by actor

  // The members of unions that the place last computed goes through.
  std::vector<UnionAccess> through_unions_;
  // What is being specialised.
  std::uint32_t actor_ = 0;
  ir::Location location_ = 0;
  Location* current_ = nullptr;
  std::vector<Path> open_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::uint32_t ways_ = 0;  // executed, for the clock
  std::string stopped_by_;
  std::optional<Diagnostic> init_error_;
};

}  // namespace hotproof::lower
